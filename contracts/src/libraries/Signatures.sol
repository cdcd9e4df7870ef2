// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Who signed a digest: a key, or a contract that says so (EIP-1271).
/// @dev The key is asked first: an account that delegates its code (EIP-7702) still signs with its own key, and reading the code
/// of a signer that needs none costs more than recovering the key. No key recovers to a contract's address.
library Signatures {
    /// @dev 65 bytes r ‖ s ‖ v, low s; other lengths only for contracts.
    function byKey(address signer, bytes32 digest, bytes calldata signature) internal pure returns (bool) {
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
        return fault == ECDSA.RecoverError.NoError && recovered == signer;
    }

    function byKeyOrContract(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return byKey(signer, digest, signature)
            || SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }
}
