// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "./World.sol";

/// Where the money went: says what should have moved since `watch`, and holds every purse of the world against it.
abstract contract Balances is World {
    address[] private _purses;
    mapping(address purse => uint256 units) private _expected;

    function watch() internal {
        delete _purses;
        address[7] memory known = [OWNER, LISTENER, CASHIER, STRANGER, TREASURY, ANYONE, address(tabs)];
        for (uint256 i; i < known.length; ++i) {
            purse(known[i]);
        }
        for (uint32 i = 1; i <= registry.artistCount() && i <= 8; ++i) {
            purse(registry.artistOf(i));
        }
    }

    function purse(address who) internal {
        _purses.push(who);
        _expected[who] = dollar.balanceOf(who);
    }

    function moves(address from, address to, uint256 units) internal {
        _expected[from] -= units;
        _expected[to] += units;
    }

    function onlyThatMoved() internal view {
        for (uint256 i; i < _purses.length; ++i) {
            eq(dollar.balanceOf(_purses[i]), _expected[_purses[i]], "a purse holds what it should");
        }
    }
}
