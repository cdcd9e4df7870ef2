// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../src/DevDollar.sol";

/// Keeps 1% of each transfer, unless told to stop.
contract FeeDollar is DevDollar {
    bool private _stopped;

    function stop(bool yes) external {
        _stopped = yes;
    }

    function _update(address from, address to, uint256 units) internal override {
        super._update(from, to, units);
        if (_stopped) return;
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

/// Behaves towards each address as it is told to.
contract MoodyDollar is DevDollar {
    enum Mood {
        Plain,
        Silent, // moves the money and returns nothing
        SaysNo, // moves nothing and returns false
        Reverts,
        BurnsGas,
        Bombs // reverts with as much data as the gas makes
    }

    mapping(address who => Mood) public moodOf;

    error Moody(address who);

    function setMood(address who, Mood mood) external {
        moodOf[who] = mood;
    }

    function transfer(address to, uint256 units) public override returns (bool) {
        return _pass(to) && super.transfer(to, units) && _said(to);
    }

    function transferFrom(address from, address to, uint256 units) public override returns (bool) {
        return _pass(from) && super.transferFrom(from, to, units) && _said(from);
    }

    function _pass(address who) private view returns (bool) {
        Mood mood = moodOf[who];
        require(mood != Mood.Reverts, Moody(who));
        assembly ("memory-safe") {
            if eq(mood, 4) { invalid() }
            if eq(mood, 5) { revert(0, 400000) }
        }
        return mood != Mood.SaysNo;
    }

    function _said(address who) private view returns (bool) {
        if (moodOf[who] == Mood.Plain) return true;
        assembly ("memory-safe") {
            return(0, 0)
        }
    }
}
