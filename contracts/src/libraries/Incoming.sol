// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Takes tokens in, and believes the balance rather than the token's word.
/// @dev Callers hold a re-entrancy lock: a token that calls back could otherwise have one payment counted twice.
library Incoming {
    using SafeERC20 for IERC20;

    error BadSignatureLength(uint256 length);
    /// @notice The token keeps a fee on transfers, or pays out something else than it was asked for.
    error PaymentNotExact(uint256 received, uint256 expected);

    /// @dev EIP-3009 `receiveWithAuthorization`, valid from now on. `signature` is 65 bytes r ‖ s ‖ v. Assembly, because this is
    /// what listeners' purchases and deposits cost: the call is written once, where it is sent from.
    function byAuthorisation(
        IERC20 token,
        address from,
        uint256 amount,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) internal {
        require(signature.length == 65, BadSignatureLength(signature.length));
        uint256 balance = balanceIn(token);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, 0xef55bec6) // receiveWithAuthorization, in the word's last four bytes
            mstore(add(m, 0x20), from)
            mstore(add(m, 0x40), address())
            mstore(add(m, 0x60), amount)
            mstore(add(m, 0x80), 0) // valid from now on
            mstore(add(m, 0xa0), validBefore)
            mstore(add(m, 0xc0), nonce)
            mstore(add(m, 0xe0), byte(0, calldataload(add(signature.offset, 0x40))))
            calldatacopy(add(m, 0x100), signature.offset, 0x40)
            if iszero(call(gas(), token, 0, add(m, 0x1c), 0x124, 0, 0)) {
                returndatacopy(m, 0, returndatasize())
                revert(m, returndatasize())
            }
        }
        _requireExact(token, balance, amount);
    }

    /// @dev From the allowance `from` gave this contract.
    function byAllowance(IERC20 token, address from, uint256 amount) internal {
        uint256 balance = balanceIn(token);
        token.safeTransferFrom(from, address(this), amount);
        _requireExact(token, balance, amount);
    }

    /// @dev What this contract holds. A token that is no contract, or answers less than a word, reverts without a reason.
    function balanceIn(IERC20 token) internal view returns (uint256 units) {
        assembly ("memory-safe") {
            mstore(0x00, 0x70a08231) // balanceOf, in the word's last four bytes
            mstore(0x20, address())
            if iszero(and(gt(returndatasize(), 0x1f), staticcall(gas(), token, 0x1c, 0x24, 0x00, 0x20))) {
                revert(0, 0)
            }
            units := mload(0x00)
        }
    }

    function _requireExact(IERC20 token, uint256 before, uint256 amount) private view {
        uint256 received = balanceIn(token) - before;
        require(received == amount, PaymentNotExact(received, amount));
    }
}
