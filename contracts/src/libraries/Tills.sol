// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IArtist} from "../interfaces/IArtist.sol";
import {Incoming} from "./Incoming.sol";
import {Signatures} from "./Signatures.sol";

/// @title Addresses that take one payment each, for payers who can sign no more than "pay this address". `IArtist` says why.
/// @dev A till is the CREATE2 address of `initCode` under the contract that uses this library. Nobody needs to create it to pay
/// it; creating it empties it, and works once.
library Tills {
    bytes32 private constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    function saltOf(uint256 songId, bytes32 quote, address issuer) internal pure returns (bytes32) {
        return keccak256(abi.encode(songId, quote, issuer));
    }

    /// @dev `token.transfer(creator, token.balanceOf(till))`, and no code to stay. It looks at no answer and never fails, so that
    /// a creation that fails means a till that was used; who creates it measures what arrived.
    ///
    ///     73 token  63 70a08231 5f 52  30 6020 52       PUSH token; mem[28:] = balanceOf(ADDRESS)
    ///     6020 6040 6024 601c 84 5a fa 50               STATICCALL(GAS, token, 28, 36, out: 64, 32); POP
    ///     63 a9059cbb 5f 52  33 6020 52                 mem[28:] = transfer(CALLER, …); the amount is at 64 already
    ///     5f 5f 6044 601c 5f 85 5a f1                   CALL(GAS, token, 0, 28, 68, out: 0, 0)
    ///     00                                            STOP
    function initCode(IERC20 token) internal pure returns (bytes memory) {
        return abi.encodePacked(
            hex"73",
            token,
            hex"6370a082315f5230602052602060406024601c845afa50",
            hex"63a9059cbb5f52336020525f5f6044601c5f855af100"
        );
    }

    /// @dev Whether `payment.from` signed the EIP-3009 transfer to this till. The token's domain is asked each time, so a
    /// signature dies with the chain id it was made for.
    function isSigned(IERC20 token, address till, IArtist.TillPayment calldata payment) internal view returns (bool) {
        bytes32 message = keccak256(
            abi.encode(
                TRANSFER, payment.from, till, payment.value, payment.validAfter, payment.validBefore, payment.nonce
            )
        );
        bytes32 domain = IERC20Permit(address(token)).DOMAIN_SEPARATOR();
        return Signatures.byKey(payment.from, MessageHashUtils.toTypedDataHash(domain, message), payment.signature);
    }

    /// @dev Sends the signed transfer; false when it fails, most often because somebody else sent it before.
    function pull(IERC20 token, address till, IArtist.TillPayment calldata payment) internal returns (bool) {
        (uint8 v, bytes32 r, bytes32 s) = ECDSA.parseCalldata(payment.signature);
        try IERC3009(address(token))
            .transferWithAuthorization(
                payment.from, till, payment.value, payment.validAfter, payment.validBefore, payment.nonce, v, r, s
            ) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Creates the till, which sends what it holds here.
    function sweep(IERC20 token, address till, bytes32 salt, bytes memory code) internal returns (uint256 received) {
        uint256 balance = Incoming.balanceIn(token);
        address created;
        assembly ("memory-safe") {
            created := create2(0, add(code, 32), mload(code), salt)
        }
        require(created != address(0), IArtist.TillUsed(till));
        received = Incoming.balanceIn(token) - balance;
    }
}
