// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// What every test stands on: the cheat codes and three ways to say what must hold.
abstract contract Check {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    // forge asks for this by name
    bool public IS_TEST = true;

    error NotEqual(string what, uint256 got, uint256 expected);
    error NotSame(string what, bytes32 got, bytes32 expected);
    error NotTrue(string what);

    function eq(uint256 got, uint256 expected, string memory what) internal pure {
        require(got == expected, NotEqual(what, got, expected));
    }

    function eq(address got, address expected, string memory what) internal pure {
        require(got == expected, NotSame(what, bytes32(uint256(uint160(got))), bytes32(uint256(uint160(expected)))));
    }

    function same(bytes32 got, bytes32 expected, string memory what) internal pure {
        require(got == expected, NotSame(what, got, expected));
    }

    function ok(bool condition, string memory what) internal pure {
        require(condition, NotTrue(what));
    }

    /// Calls, and holds what came back against the error it must be.
    function refused(address target, bytes memory input, bytes memory error_, string memory what) internal {
        (bool accepted, bytes memory answer) = target.call(input);
        require(!accepted, NotTrue(string.concat("must be refused: ", what)));
        same(keccak256(answer), keccak256(error_), what);
    }

    /// Calls, and passes on what went wrong.
    function done(address target, bytes memory input) internal returns (bytes memory answer) {
        bool good;
        (good, answer) = target.call(input);
        if (good) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }

    function bound(uint256 x, uint256 least, uint256 most) internal pure returns (uint256) {
        return x >= least && x <= most ? x : least + x % (most - least + 1);
    }
}

/// How often each of a handler's calls did what it is for.
interface Counting {
    function times(bytes4 call) external view returns (uint256);
}

/// Which contract, and which of its calls, the invariant runner may use.
abstract contract Targets is Check {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    error TooRarely(bytes4 call, uint256 times);

    FuzzSelector[] private _selectors;

    function target(address handler, bytes4[] memory selectors) internal {
        _selectors.push(FuzzSelector(handler, selectors));
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](_selectors.length);
        for (uint256 i; i < list.length; ++i) {
            list[i] = _selectors[i].addr;
        }
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        return _selectors;
    }

    /// Part of a run that is the same on every machine: `steps` of those calls, chosen and filled by a counter's hash.
    function walk(uint256 from, uint256 steps) internal {
        for (uint256 i = from; i < from + steps; ++i) {
            uint256 h = uint256(keccak256(abi.encode("walk", i)));
            FuzzSelector memory t = _selectors[h % _selectors.length];
            bytes4 selector = t.selectors[(h >> 8) % t.selectors.length];
            done(t.addr, abi.encodeWithSelector(selector, h >> 32, h >> 64, h >> 96, h >> 128));
        }
    }

    /// Each of those calls did what it is for, often enough to have met the states the others leave.
    function everyCallDid(uint256 least) internal view {
        for (uint256 i; i < _selectors.length; ++i) {
            FuzzSelector memory t = _selectors[i];
            for (uint256 n; n < t.selectors.length; ++n) {
                uint256 times = Counting(t.addr).times(t.selectors[n]);
                require(times >= least, TooRarely(t.selectors[n], times));
            }
        }
    }
}
