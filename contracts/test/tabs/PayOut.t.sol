// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITabs} from "../../src/interfaces/ITabs.sol";
import {CallingDollar, FreezingDollar} from "../support/Tokens.sol";
import {World} from "../support/World.sol";

contract PayOutTest is World {
    ITabs.TabKey private k;
    address[3] private artists;

    function setUp() public {
        deploy();
        prepare();
    }

    function prepare() private {
        for (uint256 i; i < 3; ++i) {
            artists[i] = address(registered(0x1000 + i, bytes32(abi.encodePacked("artist", bytes1(uint8(0x61 + i))))));
        }
        k = opened(1_000, "", 5_000_000);
        bytes memory list = withFee(bytes.concat(entry(1, 100), entry(2, 200), entry(3, 300)), 1_000);
        ITabs.Item memory item = signedItem(k, TAB_KEY, "", list);
        tabs.settle(item, countersigned(item));
    }

    function all() private pure returns (uint32[] memory list) {
        list = new uint32[](4);
        for (uint32 i; i < 4; ++i) {
            list[i] = i;
        }
    }

    function test_AnybodyMovesCreditsWhereTheyBelong() public {
        vm.expectEmit(address(tabs));
        emit ITabs.PaidOut(0, TREASURY, 60);
        for (uint32 i; i < 3; ++i) {
            vm.expectEmit(address(tabs));
            emit ITabs.PaidOut(i + 1, artists[i], 100 * (i + 1));
        }
        vm.prank(ANYONE);
        tabs.payOut(all());
        eq(dollar.balanceOf(TREASURY), 60, "fee");
        for (uint32 i; i < 3; ++i) {
            eq(dollar.balanceOf(artists[i]), 100 * (i + 1), "artist");
            eq(tabs.credit(i + 1), 0, "to the last unit");
        }
    }

    function test_IdsWithoutCreditAndUnknownIdsArePassedOver() public {
        tabs.payOut(all());
        vm.recordLogs();
        uint32[] memory list = new uint32[](4);
        (list[0], list[1], list[2], list[3]) = (1, 4, type(uint32).max, 1);
        tabs.payOut(list);
        eq(vm.getRecordedLogs().length, 0, "nothing happens");
    }

    function test_TheSameIdTwiceIsPaidOnce() public {
        uint32[] memory list = new uint32[](2);
        (list[0], list[1]) = (2, 2);
        tabs.payOut(list);
        eq(dollar.balanceOf(artists[1]), 200, "once");
    }

    function test_OneFrozenPayeeNeverBlocksAnother() public {
        FreezingDollar freezing = new FreezingDollar();
        deployOn(freezing);
        prepare();
        freezing.setFrozen(artists[1], true);
        vm.expectEmit(address(tabs));
        emit ITabs.PayOutFailed(2, artists[1], 200);
        tabs.payOut(all());
        eq(dollar.balanceOf(artists[2]), 300, "the next is paid");
        eq(tabs.credit(2), 200, "the credit stays");
        freezing.setFrozen(artists[1], false);
        tabs.payOut(ids(2));
        eq(dollar.balanceOf(artists[1]), 200, "later");
    }

    function test_ATokenThatCallsBackIsPaidOnce() public {
        CallingDollar calling = new CallingDollar();
        deployOn(calling);
        prepare();
        calling.arm(address(tabs), abi.encodeCall(tabs.payOut, (ids(1))));
        tabs.payOut(ids(1));
        eq(dollar.balanceOf(artists[0]), 100, "once");
        eq(calling.answer().length, 4, "refused");
    }
}
