// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {OneTab} from "../../support/OneTab.sol";

contract SettleBatchTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
    }

    function test_TheCashiersBatchNeedsNoCountersignature_AndABadItemIsSkipped() public {
        ITabs.TabKey memory k2 = opened(0, "2", UNITS);
        watch();
        ITabs.TabKey memory k3 = opened(0, "3", UNITS);
        watch();
        ITabs.Item[] memory batch = new ITabs.Item[](3);
        batch[0] = signed("", entry(1, 10));
        batch[1] = signedItem(k2, TAB_KEY, "", entry(2, UNITS + 1));
        batch[2] = signedItem(k3, TAB_KEY, "", entry(2, 30));
        vm.expectEmit(address(tabs));
        emit ITabs.Settled(id, sha256(entry(1, 10)), ROOT, 10);
        vm.expectEmit(address(tabs));
        emit ITabs.SettledList(id, entry(1, 10));
        vm.expectEmit(address(tabs));
        emit ITabs.Skipped(tabIdOf(k2), ITabs.OverDeposit.selector);
        vm.expectEmit(address(tabs));
        emit ITabs.Settled(tabIdOf(k3), sha256(entry(2, 30)), ROOT, 30);
        vm.prank(CASHIER);
        tabs.settleBatch(batch);
        eq(tabs.credit(1), 10, "artist 1");
        eq(tabs.credit(2), 30, "artist 2");
        eq(tabs.tab(tabIdOf(k2)).settled, 0, "skipped whole");
        onlyThatMoved();
    }

    function test_EachRefusalOfAnItemSkipsIt() public {
        ITabs.Item[] memory bad = new ITabs.Item[](8);
        bytes4[8] memory reasons = [
            ITabs.TabNotOpen.selector,
            ITabs.WrongPrevious.selector,
            ITabs.MalformedList.selector,
            ITabs.TooManyEntries.selector,
            ITabs.BadTabKeySignature.selector,
            ITabs.UnknownArtist.selector,
            ITabs.WrongFee.selector,
            ITabs.OverDeposit.selector
        ];
        bad[0] = signedItem(tabKey(LISTENER, TAB_KEY, 0, "none"), TAB_KEY, "", entry(1, 5));
        bad[1] = signed(entry(1, 1), entry(1, 5));
        bad[2] = signed("", entry(1, 0));
        bad[3] = signed("", entries(1, 501, 1));
        bad[4] = signedItem(k, TAB_KEY + 1, "", entry(1, 5));
        bad[5] = signed("", entry(9, 5));
        bad[6] = signed("", bytes.concat(entry(0, 1), entry(1, 5)));
        bad[7] = signed("", entry(1, UNITS + 1));
        for (uint256 i; i < bad.length; ++i) {
            vm.expectEmit(address(tabs));
            emit ITabs.Skipped(tabIdOf(bad[i].key), reasons[i]);
            vm.prank(CASHIER);
            tabs.settleBatch(one(bad[i]));
        }
        eq(tabs.tab(id).settled, 0, "nothing settled");
    }

    /// With whatever gas: the batch reverts, or everything in it is settled. Too little gas never skips an item.
    function test_TooLittleGasNeverSkipsAnItem() public {
        for (uint256 i; i < 40; ++i) {
            registered(
                0x2000 + i,
                bytes32(abi.encodePacked("more_", bytes1(uint8(0x61 + i / 26)), bytes1(uint8(0x61 + i % 26))))
            );
        }
        ITabs.TabKey memory k2 = opened(0, "2", UNITS);
        watch();
        ITabs.Item[] memory batch = new ITabs.Item[](2);
        batch[0] = signed("", entries(1, 4, 10));
        batch[1] = signedItem(k2, TAB_KEY, "", entries(5, 40, 10)); // dear: what its failure leaves would do for a skip
        uint256 reverted;
        uint256 stopped;
        uint256 settled;
        for (uint256 gas_ = 20_000; gas_ < 1_300_000; gas_ += 3_331) {
            uint256 clean = vm.snapshotState();
            vm.prank(CASHIER);
            (bool good, bytes memory answer) = address(tabs).call{gas: gas_}(abi.encodeCall(tabs.settleBatch, (batch)));
            if (good) {
                eq(tabs.tab(id).settled, 40, "the first");
                eq(tabs.tab(tabIdOf(k2)).settled, 400, "the second");
                ++settled;
            } else {
                ++reverted;
                if (bytes4(answer) == ITabs.BatchStopped.selector) ++stopped;
            }
            vm.revertToState(clean);
        }
        ok(settled != 0 && reverted != 0 && stopped != 0, "the range meets all three ends");
    }

    function test_RevertWhen_ABatchHoldsATabOfAnotherCashier() public {
        ITabs.TabKey memory other = tabKey(LISTENER, TAB_KEY, 0, "other");
        other.cashier = STRANGER;
        ITabs.Item[] memory batch = new ITabs.Item[](2);
        batch[0] = signed("", entry(1, 10));
        batch[1] = signedItem(other, TAB_KEY, "", entry(1, 10));
        vm.prank(CASHIER);
        refuses(
            abi.encodeCall(tabs.settleBatch, (batch)),
            abi.encodeWithSelector(ITabs.NotCashier.selector, CASHIER, STRANGER),
            "another cashier's"
        );
        eq(tabs.credit(1), 0, "nothing settled");
    }

    function test_AnEmptyBatchIsNothing() public {
        vm.recordLogs();
        vm.prank(CASHIER);
        tabs.settleBatch(new ITabs.Item[](0));
        eq(vm.getRecordedLogs().length, 0, "nothing happens");
        onlyThatMoved();
    }

    function test_OneTabTwiceInABatchSettlesInOrder() public {
        ITabs.Item[] memory batch = new ITabs.Item[](2);
        batch[0] = signed("", entry(1, 10));
        batch[1] = signed(entry(1, 10), entry(1, 25));
        vm.prank(CASHIER);
        eq(done(address(tabs), abi.encodeCall(tabs.settleBatch, (batch))).length, 0, "nothing is returned");
        eq(tabs.credit(1), 25, "both");
        isTab(UNITS, 25, 0, ITabs.TabState.Open, sha256(entry(1, 25)));
        onlyThatMoved();
    }
}
