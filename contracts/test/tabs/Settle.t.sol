// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITabs} from "../../src/interfaces/ITabs.sol";
import {Tabs} from "../../src/Tabs.sol";
import {Vm} from "../support/Vm.sol";
import {World} from "../support/World.sol";

contract SettleTest is World {
    uint64 private constant UNITS = 5_000_000;

    ITabs.TabKey private k;
    bytes32 private id;

    function setUp() public {
        deploy();
        for (uint256 i; i < 4; ++i) {
            registered(0x1000 + i, bytes32(abi.encodePacked("artist", bytes1(uint8(0x61 + i)))));
        }
        k = opened(0, "", UNITS);
        id = tabIdOf(k);
    }

    function settling(ITabs.Item memory item) private view returns (bytes memory) {
        return abi.encodeCall(tabs.settle, (item, countersigned(item)));
    }

    function signed(bytes memory prev, bytes memory list) private view returns (ITabs.Item memory) {
        return signedItem(k, TAB_KEY, prev, list);
    }

    function test_AnybodySettlesWhatBothSigned() public {
        bytes memory list = bytes.concat(entry(1, 100), entry(3, 50));
        ITabs.Item memory item = signed("", list);
        same(tabs.statementDigest(id, list, ROOT), statement(id, list, ROOT), "digest as PROTOCOL says");
        vm.expectEmit(address(tabs));
        emit ITabs.Settled(id, sha256(list), ROOT, 150);
        vm.expectEmit(address(tabs));
        emit ITabs.SettledList(id, list);
        vm.prank(ANYONE);
        eq(abi.decode(done(address(tabs), settling(item)), (uint64)), 150, "delta");
        eq(tabs.credit(1), 100, "artist 1");
        eq(tabs.credit(2), 0, "artist 2");
        eq(tabs.credit(3), 50, "artist 3");
        ITabs.Tab memory t = tabs.tab(id);
        eq(t.settled, 150, "settled");
        same(t.settledHash, sha256(list), "hash");

        bytes memory next = bytes.concat(entry(1, 120), entry(2, 7), entry(3, 50));
        done(address(tabs), settling(signed(list, next)));
        eq(tabs.credit(1), 120, "artist 1");
        eq(tabs.credit(2), 7, "artist 2");
        eq(tabs.tab(id).settled, 177, "settled");
    }

    function test_AReplayAndAStaleStatementAreWorthNothing() public {
        bytes memory old = entry(1, 100);
        bytes memory list = bytes.concat(entry(1, 150), entry(2, 1));
        done(address(tabs), settling(signed("", old)));
        done(address(tabs), settling(signed(old, list)));
        eq(abi.decode(done(address(tabs), settling(signed(list, list))), (uint64)), 0, "replay");
        eq(abi.decode(done(address(tabs), settling(signed(list, old))), (uint64)), 0, "stale");
        same(tabs.tab(id).settledHash, sha256(list), "unchanged");
        eq(tabs.tab(id).settled, 151, "unchanged");
        refused(
            address(tabs),
            settling(signed("", old)),
            abi.encodeWithSelector(ITabs.WrongPrevious.selector, id, sha256(list)),
            "the very same call"
        );
    }

    /// The listener owns artist 4 and signs it the whole deposit after having spent it on artist 1.
    function test_RevertWhen_TheListenerPaysASockPuppet() public {
        ITabs.Item memory honest = signed("", entry(1, UNITS));
        ITabs.Item memory puppet = signed("", entry(4, UNITS));
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadCashierSignature.selector, id, CASHIER);
        refused(address(tabs), abi.encodeCall(tabs.settle, (puppet, "")), refusal, "no countersignature");
        bytes memory own = sign(LISTENER_KEY, statement(id, puppet.list, ROOT));
        refused(address(tabs), abi.encodeCall(tabs.settle, (puppet, own)), refusal, "its own");
        bytes memory other = countersigned(honest);
        refused(address(tabs), abi.encodeCall(tabs.settle, (puppet, other)), refusal, "of another statement");
        vm.prank(LISTENER);
        refused(
            address(tabs),
            abi.encodeCall(tabs.settleBatch, (one(puppet))),
            abi.encodeWithSelector(ITabs.NotCashier.selector, LISTENER, CASHIER),
            "as if a cashier"
        );
        vm.prank(LISTENER);
        refused(
            address(tabs),
            abi.encodeCall(tabs.settleFromBatch, (puppet)),
            abi.encodeWithSelector(ITabs.OnlySelf.selector),
            "from the side"
        );
        puppet.key.cashier = LISTENER; // another cashier is another tab, and there is none
        (puppet.r, puppet.s) = signP256(TAB_KEY, statement(tabIdOf(puppet.key), puppet.list, ROOT));
        own = sign(LISTENER_KEY, statement(tabIdOf(puppet.key), puppet.list, ROOT));
        refused(
            address(tabs),
            abi.encodeCall(tabs.settle, (puppet, own)),
            abi.encodeWithSelector(ITabs.TabNotOpen.selector, tabIdOf(puppet.key), ITabs.TabState.None),
            "a cashier of its own"
        );
        done(address(tabs), settling(honest));
        eq(tabs.credit(1), UNITS, "the artist who was heard");
        eq(tabs.credit(4), 0, "the puppet");
    }

    function test_RevertWhen_TheTabKeysSignatureDoesNotFit() public {
        ITabs.Item memory item = signed("", entry(1, 5));
        item.s = bytes32(N - uint256(item.s));
        refusedSignature(item, "high s");
        refusedSignature(signedItem(k, TAB_KEY + 1, "", entry(1, 5)), "another key");
        item = signed("", entry(1, 5));
        item.list = entry(2, 5);
        refusedSignature(item, "another list");
        item = signed("", entry(1, 5));
        item.playsRoot = keccak256("other plays");
        refusedSignature(item, "other plays");
        item = signed("", entry(1, 5));
        (item.r, item.s) = (0, 0);
        refusedSignature(item, "zeros");
        (item.r, item.s) = (bytes32(N), bytes32(uint256(1)));
        refusedSignature(item, "r out of range");
        ITabs.TabKey memory second = opened(0, "second", UNITS);
        item = signed("", entry(1, 5));
        item.key = second;
        refusedSignature(item, "another tab of the same key");
        vm.chainId(1);
        item = signed("", entry(1, 5));
        vm.chainId(31_337);
        refusedSignature(item, "another chain");
    }

    function refusedSignature(ITabs.Item memory item, string memory what) private {
        bytes32 tab = tabIdOf(item.key);
        bytes32 digest = statement(tab, item.list, item.playsRoot);
        refused(
            address(tabs), settling(item), abi.encodeWithSelector(ITabs.BadTabKeySignature.selector, tab, digest), what
        );
    }

    function test_RevertWhen_TheStatementIsForAnotherTabsContract() public {
        ITabs.Item memory item = signed("", entry(1, 5));
        tabs = new Tabs(address(dollar), address(registry), TREASURY, CHALLENGE);
        opened(0, "", UNITS);
        refusedSignature(item, "another contract");
    }

    function test_RevertWhen_TheCashiersSignatureDoesNotFit() public {
        ITabs.Item memory item = signed("", entry(1, 5));
        bytes memory good = countersigned(item);
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadCashierSignature.selector, id, CASHIER);
        bytes memory input = abi.encodeCall(tabs.settle, (item, bytes.concat(good, hex"00")));
        refused(address(tabs), input, refusal, "66 bytes");
        good[64] = bytes1(uint8(good[64]) ^ 7);
        refused(address(tabs), abi.encodeCall(tabs.settle, (item, good)), refusal, "the other v");
        bytes memory prefixed = sign(
            CASHIER_KEY, keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", statement(id, item.list, ROOT)))
        );
        refused(address(tabs), abi.encodeCall(tabs.settle, (item, prefixed)), refusal, "with a prefix");
    }

    function test_RevertWhen_TheListIsMalformed() public {
        bytes[7] memory bad = [
            bytes(""),
            hex"00",
            bytes.concat(entry(1, 5), hex"0000"),
            bytes.concat(entry(2, 5), entry(1, 5)),
            bytes.concat(entry(1, 5), entry(1, 6)),
            entry(1, 0),
            bytes.concat(entry(1, 5), entry(2, 0))
        ];
        for (uint256 i; i < bad.length; ++i) {
            ITabs.Item memory item = signed("", bad[i]);
            refused(
                address(tabs), settling(item), abi.encodeWithSelector(ITabs.MalformedList.selector, id), "malformed"
            );
        }
    }

    function test_RevertWhen_AnArtistIsUnknown() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.UnknownArtist.selector, 5, 4);
        refused(address(tabs), settling(signed("", bytes.concat(entry(1, 5), entry(5, 5)))), refusal, "id 5 of 4");
        refusal = abi.encodeWithSelector(ITabs.UnknownArtist.selector, type(uint32).max, 4);
        refused(address(tabs), settling(signed("", entry(type(uint32).max, 5))), refusal, "the last id there is");
        eq(tabs.credit(5), 0, "not credited");
    }

    function test_RevertWhen_MoreThan500Entries() public {
        refused(
            address(tabs),
            settling(signed("", entries(1, 501, 1))),
            abi.encodeWithSelector(ITabs.TooManyEntries.selector, 501, 500),
            "501"
        );
    }

    function test_RevertWhen_TheTotalExceedsTheDeposit() public {
        bytes memory list = bytes.concat(entry(1, UNITS - 10), entry(2, 11));
        refused(
            address(tabs),
            settling(signed("", list)),
            abi.encodeWithSelector(ITabs.OverDeposit.selector, id, UNITS + 1, UNITS),
            "a unit over"
        );
        eq(tabs.credit(1), 0, "nothing credited");
        done(address(tabs), settling(signed("", bytes.concat(entry(1, UNITS - 10), entry(2, 10)))));
        eq(tabs.tab(id).settled, UNITS, "to the last unit");
    }

    function test_TheFeeIsExactlyWhatTheTabSays() public {
        k = opened(333, "fee", UNITS);
        id = tabIdOf(k);
        bytes memory others = bytes.concat(entry(1, 1_000), entry(2, 999));
        uint256 fee = 66; // 333 · 1999 / 10,000 = 66.57
        refusedFee(others, 0, fee);
        refusedFee(bytes.concat(entry(0, fee - 1), others), fee - 1, fee);
        refusedFee(bytes.concat(entry(0, fee + 1), others), fee + 1, fee);
        refusedFee(entry(0, 5), 5, 0);
        done(address(tabs), settling(signed("", bytes.concat(entry(0, fee), others))));
        eq(tabs.credit(0), fee, "the treasury's");
        eq(tabs.tab(id).settled, 1_999 + fee, "on top");
    }

    function refusedFee(bytes memory list, uint256 fee, uint256 expected) private {
        refused(
            address(tabs),
            settling(signed("", list)),
            abi.encodeWithSelector(ITabs.WrongFee.selector, fee, expected),
            "fee"
        );
    }

    function test_RevertGiven_TheTabIsUnknownOrClosed() public {
        ITabs.Item memory item = signedItem(tabKey(LISTENER, TAB_KEY, 0, "none"), TAB_KEY, "", entry(1, 5));
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, tabIdOf(item.key), ITabs.TabState.None);
        refused(address(tabs), settling(item), refusal, "unknown");
        vm.prank(LISTENER);
        tabs.announceClose(k);
        vm.warp(block.timestamp + CHALLENGE);
        done(address(tabs), settling(signed("", entry(1, 5)))); // until somebody finishes it
        tabs.finishClose(k);
        refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, id, ITabs.TabState.Closed);
        refused(address(tabs), settling(signed(entry(1, 5), entry(1, 6))), refusal, "closed");
    }

    // ---- batches

    function test_TheCashiersBatchNeedsNoCountersignature_AndABadItemIsSkipped() public {
        ITabs.TabKey memory k2 = opened(0, "2", UNITS);
        ITabs.TabKey memory k3 = opened(0, "3", UNITS);
        ITabs.Item[] memory batch = new ITabs.Item[](3);
        batch[0] = signed("", entry(1, 10));
        batch[1] = signedItem(k2, TAB_KEY, "", entry(2, UNITS + 1));
        batch[2] = signedItem(k3, TAB_KEY, "", entry(2, 30));
        vm.expectEmit(address(tabs));
        emit ITabs.Settled(id, sha256(entry(1, 10)), ROOT, 10);
        vm.expectEmit(address(tabs));
        emit ITabs.Skipped(tabIdOf(k2), ITabs.OverDeposit.selector);
        vm.expectEmit(address(tabs));
        emit ITabs.Settled(tabIdOf(k3), sha256(entry(2, 30)), ROOT, 30);
        vm.prank(CASHIER);
        tabs.settleBatch(batch);
        eq(tabs.credit(1), 10, "artist 1");
        eq(tabs.credit(2), 30, "artist 2");
        eq(tabs.tab(tabIdOf(k2)).settled, 0, "skipped whole");
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
        refused(
            address(tabs),
            abi.encodeCall(tabs.settleBatch, (batch)),
            abi.encodeWithSelector(ITabs.NotCashier.selector, CASHIER, STRANGER),
            "another cashier's"
        );
        eq(tabs.credit(1), 0, "nothing settled");
    }
}
