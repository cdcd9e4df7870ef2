// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

/// @title Play money for the embedded chain, shaped like USDC: 6 decimals, EIP-2612, EIP-3009 with random nonces.
/// @notice Anybody makes as much as they like: worth nothing, and never to be deployed where money is real.
contract DevDollar is ERC20, ERC20Permit, ERC3009 {
    /// @notice Most units one call of the faucet makes: 10,000.000000.
    uint256 public constant FAUCET_MOST = 10_000_000_000;

    /// A struct, because its place can be kept and is then computed once.
    struct Authorisation {
        uint256 used;
    }

    mapping(address authorizer => mapping(bytes32 nonce => Authorisation)) private _authorisations;

    error FaucetTooMuch(uint256 units, uint256 most);

    constructor() ERC20("Dev Dollar", "DUSD") ERC20Permit("Dev Dollar") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @notice Makes `units` for `to`. Anybody.
    function faucet(address to, uint256 units) external {
        require(units <= FAUCET_MOST, FaucetTooMuch(units, FAUCET_MOST));
        _mint(to, units);
    }

    /// @inheritdoc ERC3009
    /// @dev What most purchases and deposits cost. What OpenZeppelin's does, for less where the key of `from` signed; everything
    /// else is OpenZeppelin's to refuse, in its words.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) public override {
        bytes32 hash = RECEIVE_WITH_AUTHORIZATION_TYPEHASH;
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, hash)
            mstore(add(m, 0x20), from)
            mstore(add(m, 0x40), to)
            mstore(add(m, 0x60), value)
            mstore(add(m, 0x80), validAfter)
            mstore(add(m, 0xa0), validBefore)
            mstore(add(m, 0xc0), nonce)
            hash := keccak256(m, 0xe0)
        }
        if (to == msg.sender && _isSignedBy(from, _hashTypedDataV4(hash), v, r, s)) {
            _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
        } else {
            super.receiveWithAuthorization(from, to, value, validAfter, validBefore, nonce, v, r, s);
        }
    }

    /// `s` is at most half the curve's order. Zero is nobody's address: it is what a failed recovery leaves.
    function _isSignedBy(address from, bytes32 digest, uint8 v, bytes32 r, bytes32 s) private view returns (bool is_) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, digest)
            mstore(add(m, 0x20), v)
            mstore(add(m, 0x40), r)
            mstore(add(m, 0x60), s)
            mstore(0x00, 0)
            pop(staticcall(gas(), 1, m, 0x80, 0x00, 0x20))
            is_ := and(eq(mload(0x00), from), gt(from, 0))
            is_ := and(is_, lt(s, 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1))
        }
    }

    /// @inheritdoc ERC3009
    function authorizationState(address authorizer, bytes32 nonce) public view override returns (bool) {
        return _authorisations[authorizer][nonce].used != 0;
    }

    function _consumeNonce(address authorizer, bytes32 nonce) internal override {
        Authorisation storage a = _authorisations[authorizer][nonce];
        require(a.used == 0, ERC3009UsedAuthorization(authorizer, nonce));
        a.used = 1;
    }

    /// Seconds, as USDC's are: OpenZeppelin's may be block numbers too.
    function _checkValidity(uint256 validAfter, uint256 validBefore) internal view override {
        bool isValid = block.timestamp > validAfter && block.timestamp < validBefore;
        require(isValid, ERC3009InvalidAuthorizationTime(validAfter, validBefore));
    }
}
