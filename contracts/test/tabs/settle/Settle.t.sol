// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {Tabs} from "../../../src/Tabs.sol";
import {OneTab} from "../../support/OneTab.sol";

contract SettleTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
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
        isTab(UNITS, 177, 0, ITabs.TabState.Open, sha256(next));
        onlyThatMoved();
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
        refuses(
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
        refuses(abi.encodeCall(tabs.settle, (puppet, "")), refusal, "no countersignature");
        bytes memory own = sign(LISTENER_KEY, statement(id, puppet.list, ROOT));
        refuses(abi.encodeCall(tabs.settle, (puppet, own)), refusal, "its own");
        bytes memory other = countersigned(honest);
        refuses(abi.encodeCall(tabs.settle, (puppet, other)), refusal, "of another statement");
        vm.prank(LISTENER);
        refuses(
            abi.encodeCall(tabs.settleBatch, (one(puppet))),
            abi.encodeWithSelector(ITabs.NotCashier.selector, LISTENER, CASHIER),
            "as if a cashier"
        );
        vm.prank(LISTENER);
        refuses(
            abi.encodeCall(tabs.settleFromBatch, (puppet)),
            abi.encodeWithSelector(ITabs.OnlySelf.selector),
            "from the side"
        );
        puppet.key.cashier = LISTENER; // another cashier is another tab, and there is none
        (puppet.r, puppet.s) = signP256(TAB_KEY, statement(tabIdOf(puppet.key), puppet.list, ROOT));
        own = sign(LISTENER_KEY, statement(tabIdOf(puppet.key), puppet.list, ROOT));
        refuses(
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
        watch();
        item = signed("", entry(1, 5));
        item.key = second;
        refusedSignature(item, "another tab of the same key");
        vm.chainId(1);
        item = signed("", entry(1, 5));
        vm.chainId(31_337);
        refusedSignature(item, "another chain");
        item = signed("", entry(1, 5));
        vm.chainId(1); // the chain split, and goes on under another id
        refusedSignature(item, "the chain it was signed for, on another");
        vm.chainId(31_337);
    }

    function refusedSignature(ITabs.Item memory item, string memory what) private {
        bytes32 tab = tabIdOf(item.key);
        bytes32 digest = statement(tab, item.list, item.playsRoot);
        refuses(settling(item), abi.encodeWithSelector(ITabs.BadTabKeySignature.selector, tab, digest), what);
    }

    function test_RevertWhen_TheStatementIsForAnotherTabsContract() public {
        ITabs.Item memory item = signed("", entry(1, 5));
        tabs = new Tabs(address(dollar), address(registry), TREASURY, CHALLENGE);
        opened(0, "", UNITS);
        watch();
        refusedSignature(item, "another contract");
    }

    function test_RevertWhen_TheCashiersSignatureDoesNotFit() public {
        ITabs.Item memory item = signed("", entry(1, 5));
        bytes memory good = countersigned(item);
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadCashierSignature.selector, id, CASHIER);
        bytes memory input = abi.encodeCall(tabs.settle, (item, bytes.concat(good, hex"00")));
        refuses(input, refusal, "66 bytes");
        good[64] = bytes1(uint8(good[64]) ^ 7);
        refuses(abi.encodeCall(tabs.settle, (item, good)), refusal, "the other v");
        bytes memory prefixed = sign(
            CASHIER_KEY, keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", statement(id, item.list, ROOT)))
        );
        refuses(abi.encodeCall(tabs.settle, (item, prefixed)), refusal, "with a prefix");
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
            refuses(settling(item), abi.encodeWithSelector(ITabs.MalformedList.selector, id), "malformed");
        }
    }

    function test_RevertWhen_AnArtistIsUnknown() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.UnknownArtist.selector, 5, 4);
        refuses(settling(signed("", bytes.concat(entry(1, 5), entry(5, 5)))), refusal, "id 5 of 4");
        refusal = abi.encodeWithSelector(ITabs.UnknownArtist.selector, type(uint32).max, 4);
        refuses(settling(signed("", entry(type(uint32).max, 5))), refusal, "the last id there is");
        eq(tabs.credit(5), 0, "not credited");
    }

    function test_RevertWhen_MoreThan500Entries() public {
        refuses(
            settling(signed("", entries(1, 501, 1))),
            abi.encodeWithSelector(ITabs.TooManyEntries.selector, 501, 500),
            "501"
        );
    }

    function test_RevertWhen_TheTotalExceedsTheDeposit() public {
        bytes memory list = bytes.concat(entry(1, UNITS - 10), entry(2, 11));
        refuses(
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
        watch();
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
        refuses(settling(signed("", list)), abi.encodeWithSelector(ITabs.WrongFee.selector, fee, expected), "fee");
    }

    function test_RevertGiven_TheTabIsUnknownOrClosed() public {
        ITabs.Item memory item = signedItem(tabKey(LISTENER, TAB_KEY, 0, "none"), TAB_KEY, "", entry(1, 5));
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, tabIdOf(item.key), ITabs.TabState.None);
        refuses(settling(item), refusal, "unknown");
        vm.prank(LISTENER);
        tabs.announceClose(k);
        vm.warp(block.timestamp + CHALLENGE);
        done(address(tabs), settling(signed("", entry(1, 5)))); // until somebody finishes it
        tabs.finishClose(k);
        moves(address(tabs), LISTENER, UNITS - 5);
        refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, id, ITabs.TabState.Closed);
        refuses(settling(signed(entry(1, 5), entry(1, 6))), refusal, "closed");
    }

    function test_RevertWhen_TheCashiersSignatureIsHigh() public {
        ITabs.Item memory item = signed("", entry(1, 5));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(CASHIER_KEY, statement(id, item.list, ROOT));
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory high = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadCashierSignature.selector, id, CASHIER);
        refuses(abi.encodeCall(tabs.settle, (item, high)), refusal, "high s");
    }

    function test_RevertWhen_TheCashiersSignatureIsMalformed() public {
        ITabs.Item memory item = signed("", entry(1, 5));
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadCashierSignature.selector, id, CASHIER);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(CASHIER_KEY, statement(id, item.list, ROOT));
        bytes32 compact = bytes32(uint256(s) | uint256(v - 27) << 255);
        bytes[6] memory bad = [
            bytes(""),
            abi.encodePacked(r, s),
            abi.encodePacked(r, compact), // EIP-2098: one form only
            abi.encodePacked(r, s, v - 27),
            abi.encodePacked(r, s, v, uint8(0)),
            abi.encodePacked(bytes32(0), bytes32(0), v)
        ];
        for (uint256 i; i < bad.length; ++i) {
            refuses(abi.encodeCall(tabs.settle, (item, bad[i])), refusal, "malformed");
        }
    }

    function test_RevertWhen_PrevIsStale() public {
        bytes memory first = entry(1, 100);
        bytes memory second = entry(1, 150);
        settle("", first);
        settle(first, second);
        bytes memory refusal = abi.encodeWithSelector(ITabs.WrongPrevious.selector, id, sha256(second));
        bytes memory third = entry(1, 200);
        refuses(settling(signed(first, third)), refusal, "the one before: artist 1 would get 50 twice");
        refuses(settling(signed("", third)), refusal, "none");
        refuses(settling(signed(bytes.concat(second, hex"00"), third)), refusal, "a byte more");
        eq(settle(second, third), 50, "the newest");
    }

    /// Ids 0 to 3 share a slot, 4 is alone in the next: each lane moves alone.
    function test_EachArtistHasALaneOfItsOwn() public {
        k = opened(1_000, "lanes", UNITS);
        id = tabIdOf(k);
        bytes memory prev;
        uint256[5] memory want;
        for (uint256 a = 1; a <= 4; ++a) {
            bytes memory list;
            for (uint256 i = 1; i <= a; ++i) {
                list = bytes.concat(list, entry(i, 1_000 * a + i));
                want[i] = 1_000 * a + i;
            }
            list = withFee(list, 1_000);
            want[0] = unitsAt(list, 0);
            settle(prev, list);
            prev = list;
            for (uint32 i; i <= 4; ++i) {
                eq(tabs.credit(i), want[i], "a lane");
            }
        }
    }

    /// No artist can be owed so much that a lane runs into the next one: the call that gets there reverts, and a pay-out heals.
    function test_RevertGiven_AnArtistIsOwedTooMuch() public {
        settle("", entry(2, 1));
        bytes32 slot = bytes32(uint256(3)); // of ids 0 to 3
        uint256 most = 2 ** 62 - 1;
        uint256 nearly = uint256(vm.load(address(tabs), slot)) + ((most - 10 - 1) << 128);
        vm.store(address(tabs), slot, bytes32(nearly));
        eq(tabs.credit(2), most - 10, "the slot of the credits");
        bytes memory refusal = abi.encodeWithSelector(ITabs.CreditTooLarge.selector, id);
        refuses(settling(signed(entry(2, 1), entry(2, 12))), refusal, "2^62");
        settle(entry(2, 1), entry(2, 11));
        uint256[4] memory credits = [uint256(0), 0, most, 0];
        for (uint32 i; i < 4; ++i) {
            eq(tabs.credit(i), credits[i], "to the brim, and nothing spilt");
        }
        ITabs.Item memory item = signed(entry(2, 11), entry(2, 12));
        vm.expectEmit(address(tabs));
        emit ITabs.Skipped(id, ITabs.CreditTooLarge.selector);
        vm.prank(CASHIER);
        tabs.settleBatch(one(item));
    }

    /// Nine bytes that, read with the zero behind them, would be an entry in order.
    function test_RevertWhen_TheLastEntryIsCutShort() public {
        bytes memory list = bytes.concat(entry(1, 5), hex"000000020000000005");
        bytes memory refusal = abi.encodeWithSelector(ITabs.MalformedList.selector, id);
        refuses(settling(signed("", list)), refusal, "19 bytes");
    }

    function test_SettlesWithoutThePrecompile() public {
        vm.setEvmVersion("prague"); // the fork before EIP-7951
        (, bytes memory nothing) = address(0x100).staticcall(new bytes(160));
        eq(nothing.length, 0, "nobody there");
        uint256 delta = settle("", entry(1, 5));
        eq(delta, 5, "by OpenZeppelin's own arithmetic");
        refusedSignature(signedItem(k, TAB_KEY + 1, entry(1, 5), entry(1, 6)), "another key");
    }
}
