// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Takes tokens in, and believes the balance rather than the token's word.
/// @dev Callers hold a re-entrancy lock: a token that calls back could otherwise have one payment counted twice.
library Incoming {
    using SafeERC20 for IERC20;

    error BadSignatureLength(uint256 length);
    /// @notice The token keeps a fee on transfers, or pays out something else than it was asked for.
    error PaymentNotExact(uint256 received, uint256 expected);

    /// @dev EIP-3009 `receiveWithAuthorization`, valid from now on. `signature` is 65 bytes r ‖ s ‖ v.
    function byAuthorisation(
        IERC20 token,
        address from,
        uint256 amount,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) internal {
        require(signature.length == 65, BadSignatureLength(signature.length));
        (uint8 v, bytes32 r, bytes32 s) = ECDSA.parseCalldata(signature);
        uint256 balance = token.balanceOf(address(this));
        IERC3009(address(token)).receiveWithAuthorization(from, address(this), amount, 0, validBefore, nonce, v, r, s);
        _requireExact(token, balance, amount);
    }

    /// @dev From the allowance `from` gave this contract.
    function byAllowance(IERC20 token, address from, uint256 amount) internal {
        uint256 balance = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount);
        _requireExact(token, balance, amount);
    }

    function _requireExact(IERC20 token, uint256 before, uint256 amount) private view {
        uint256 received = token.balanceOf(address(this)) - before;
        require(received == amount, PaymentNotExact(received, amount));
    }
}
