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
