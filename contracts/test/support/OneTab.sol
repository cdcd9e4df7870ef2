// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../src/DevDollar.sol";
import {ITabs} from "../../src/interfaces/ITabs.sol";
import {Balances} from "./Balances.sol";

/// Four artists, and a listener with one open tab.
abstract contract OneTab is Balances {
    uint64 internal constant UNITS = 5_000_000;

    ITabs.TabKey internal k;
    bytes32 internal id;

    function openOne(DevDollar token, uint16 feeBps) internal {
        vm.warp(START);
        deployOn(token);
        for (uint256 i; i < 4; ++i) {
            registered(0x1000 + i, bytes32(abi.encodePacked("artist", bytes1(uint8(0x61 + i)))));
        }
        k = opened(feeBps, "", UNITS);
        id = tabIdOf(k);
        watch();
    }

    function signed(bytes memory prev, bytes memory list) internal view returns (ITabs.Item memory) {
        return signedItem(k, TAB_KEY, prev, list);
    }

    function settling(ITabs.Item memory item) internal view returns (bytes memory) {
        return abi.encodeCall(tabs.settle, (item, countersigned(item)));
    }

    /// Both signatures are good: settles as anybody would.
    function settle(bytes memory prev, bytes memory list) internal returns (uint64 delta) {
        return abi.decode(done(address(tabs), settling(signed(prev, list))), (uint64));
    }

    function announce() internal {
        vm.prank(LISTENER);
        tabs.announceClose(k);
    }

    function close() internal {
        announce();
        vm.warp(block.timestamp + CHALLENGE);
        tabs.finishClose(k);
    }

    function refuses(bytes memory input, bytes memory error_, string memory what) internal {
        refused(address(tabs), input, error_, what);
        onlyThatMoved();
    }

    function refusesFrom(address caller, bytes memory input, bytes memory error_, string memory what) internal {
        vm.prank(caller);
        refuses(input, error_, what);
    }

    function notOpen(ITabs.TabKey memory key, ITabs.TabState state) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITabs.TabNotOpen.selector, tabIdOf(key), state);
    }

    function isTab(uint256 deposit, uint256 settled, uint256 closesAt, ITabs.TabState state, bytes32 settledHash)
        internal
        view
    {
        ITabs.Tab memory t = tabs.tab(id);
        eq(t.deposit, deposit, "deposit");
        eq(t.settled, settled, "settled");
        eq(t.closesAt, closesAt, "closesAt");
        ok(t.state == state, "state");
        same(t.settledHash, settledHash, "settledHash");
    }
}
