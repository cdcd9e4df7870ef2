// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../src/DevDollar.sol";

/// Transfers answer nothing, as some old tokens do.
contract SilentDollar is DevDollar {
    function transfer(address to, uint256 units) public override returns (bool) {
        super.transfer(to, units);
        assembly ("memory-safe") {
            return(0, 0)
        }
    }

    function transferFrom(address from, address to, uint256 units) public override returns (bool) {
        super.transferFrom(from, to, units);
        assembly ("memory-safe") {
            return(0, 0)
        }
    }
}

/// Once hollow, says yes to every transfer and moves nothing.
contract HollowDollar is DevDollar {
    bool private _hollow;

    function becomeHollow() external {
        _hollow = true;
    }

    function _update(address from, address to, uint256 units) internal override {
        if (!_hollow) super._update(from, to, units);
    }
}

/// Once garbled, answers `balanceOf` with so many bytes of the balance, or reverts with them.
contract GarbledDollar is DevDollar {
    bool private _reverts;
    uint256 private _size = 32;

    function garble(bool reverts, uint256 size) external {
        (_reverts, _size) = (reverts, size);
    }

    function balanceOf(address who) public view override returns (uint256 units) {
        units = super.balanceOf(who);
        (bool reverts, uint256 size) = (_reverts, _size);
        assembly ("memory-safe") {
            mstore(0x00, units)
            if reverts { revert(0x00, size) }
            return(0x00, size)
        }
    }
}
