// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../src/DevDollar.sol";

/// Keeps 1% of each transfer.
contract FeeDollar is DevDollar {
    function _update(address from, address to, uint256 units) internal override {
        super._update(from, to, units);
        if (from != address(0) && to != address(0)) super._update(to, address(0), units / 100);
    }
}

/// Refuses transfers from and to frozen addresses.
contract FreezingDollar is DevDollar {
    mapping(address who => bool) public frozen;

    error Frozen(address who);

    function setFrozen(address who, bool yes) external {
        frozen[who] = yes;
    }

    function _update(address from, address to, uint256 units) internal override {
        require(!frozen[from], Frozen(from));
        require(!frozen[to], Frozen(to));
        super._update(from, to, units);
    }
}

/// During the next transfer, calls `target` once and remembers what came back.
contract CallingDollar is DevDollar {
    address public target;
    bytes public input;
    bytes public answer;

    function arm(address target_, bytes calldata input_) external {
        (target, input, answer) = (target_, input_, "");
    }

    function _update(address from, address to, uint256 units) internal override {
        super._update(from, to, units);
        if (target == address(0)) return;
        address callee = target;
        target = address(0);
        (, answer) = callee.call(input);
    }
}
