// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {OneTab} from "../../support/OneTab.sol";

contract AnnounceCloseTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
    }

    function input() private view returns (bytes memory) {
        return abi.encodeCall(tabs.announceClose, (k));
    }

    function test_RevertWhen_TheCallerIsNotTheListener() public {
        address[3] memory others = [STRANGER, CASHIER, TREASURY];
        for (uint256 i; i < others.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ITabs.NotListener.selector, others[i], LISTENER);
            refusesFrom(others[i], input(), refusal, "not the listener");
        }
        isTab(UNITS, 0, 0, ITabs.TabState.Open, 0);
    }

    function test_RevertGiven_TheTabIsNotOpen() public {
        announce();
        refusesFrom(LISTENER, input(), notOpen(k, ITabs.TabState.Closing), "announced before");
        vm.warp(block.timestamp + CHALLENGE);
        tabs.finishClose(k);
        moves(address(tabs), LISTENER, UNITS);
        refusesFrom(LISTENER, input(), notOpen(k, ITabs.TabState.Closed), "closed");
        k.salt = "none";
        refusesFrom(LISTENER, input(), notOpen(k, ITabs.TabState.None), "unknown");
    }

    function test_TheListenerStartsTheChallenge() public {
        vm.expectEmit(address(tabs));
        emit ITabs.CloseAnnounced(id, uint40(START) + CHALLENGE);
        vm.prank(LISTENER);
        eq(done(address(tabs), input()).length, 0, "nothing is returned");
        isTab(UNITS, 0, START + CHALLENGE, ITabs.TabState.Closing, 0);
        onlyThatMoved();
    }
}
