// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../src/Artist.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {FreezingDollar} from "../support/Tokens.sol";
import {World} from "../support/World.sol";

contract SplitsTest is World {
    address private constant ANNA = address(0xAA1);
    address private constant BEN = address(0xBE2);
    address private constant CARA = address(0xCA3);

    Artist private artist;

    function setUp() public {
        deploy();
        artist = registered(OWNER_KEY, "hana");
    }

    function pair(address a, uint16 bpsA, address b, uint16 bpsB) private pure returns (IArtist.Payee[] memory list) {
        list = new IArtist.Payee[](2);
        (list[0], list[1]) = (IArtist.Payee(a, bpsA), IArtist.Payee(b, bpsB));
    }

    function announce(IArtist.Payee[] memory list) private {
        vm.prank(OWNER);
        artist.setSplits(list);
    }

    function inForce(IArtist.Payee[] memory list) private {
        announce(list);
        vm.warp(block.timestamp + SPLIT_DELAY);
        artist.applySplits();
    }

    function earn(uint256 units) private {
        dollar.faucet(address(artist), units);
    }

    function test_WithoutSplitsTheOwnerGetsEverything() public {
        earn(1_001);
        eq(artist.payees().length, 1, "one payee");
        eq(artist.payees()[0].account, OWNER, "the owner");
        eq(artist.withdrawable(OWNER), 1_001, "everything");
        vm.expectEmit(address(artist));
        emit IArtist.Withdrawn(OWNER, CARA, 1_000);
        vm.prank(OWNER);
        artist.withdraw(CARA, 1_000);
        eq(dollar.balanceOf(CARA), 1_000, "where the owner says");
        eq(artist.withdrawable(OWNER), 1, "the rest stays");
    }

    function test_NewSplitsWaitAndBookWhatArrivedBefore() public {
        earn(1_000);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsSet(pair(ANNA, 7_000, BEN, 3_000), uint40(START) + SPLIT_DELAY);
        announce(pair(ANNA, 7_000, BEN, 3_000));
        earn(500);
        eq(artist.withdrawable(OWNER), 1_500, "still the owner's");
        (IArtist.Payee[] memory announced, uint40 from) = artist.announcedSplits();
        eq(announced.length, 2, "announced");
        eq(from, START + SPLIT_DELAY, "from");

        vm.warp(START + SPLIT_DELAY - 1);
        refused(
            address(artist),
            abi.encodeCall(artist.applySplits, ()),
            abi.encodeWithSelector(IArtist.NoSplitsDue.selector, START + SPLIT_DELAY),
            "a second early"
        );
        vm.warp(START + SPLIT_DELAY);
        eq(artist.withdrawable(OWNER), 1_500, "booked");
        vm.expectEmit(address(artist));
        emit IArtist.SplitsApplied(1);
        vm.prank(ANYONE);
        artist.applySplits();
        earn(1_000);
        eq(artist.withdrawable(OWNER), 1_500, "the owner's from before");
        eq(artist.withdrawable(ANNA), 700, "anna");
        eq(artist.withdrawable(BEN), 300, "ben");
        eq(artist.payees()[1].account, BEN, "in force");
    }

    function test_TheFirstWithdrawalAfterTheDelayAppliesThem() public {
        announce(pair(ANNA, 5_000, BEN, 5_000));
        earn(10);
        vm.warp(START + SPLIT_DELAY);
        vm.prank(OWNER);
        artist.withdraw(OWNER, 4);
        earn(10);
        eq(artist.withdrawable(OWNER), 6, "booked, less what was taken");
        eq(artist.withdrawable(ANNA), 5, "half");
    }

    /// What rounding leaves over is promised to the next payees from the moment they may come into force.
    function test_RoundingGoesToTheNextPayees() public {
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        IArtist.Payee[] memory next = new IArtist.Payee[](1);
        next[0] = IArtist.Payee(CARA, 10_000);
        announce(next);
        earn(3);
        eq(artist.withdrawable(CARA), 0, "not yet");
        vm.warp(block.timestamp + SPLIT_DELAY);
        eq(artist.withdrawable(CARA), 1, "promised");
        artist.push(CARA);
        eq(dollar.balanceOf(CARA), 1, "kept");
        eq(artist.withdrawable(ANNA) + artist.withdrawable(BEN), 2, "the others have theirs");
    }

    function test_ASecondAnnouncementReplacesTheFirst() public {
        announce(pair(ANNA, 5_000, BEN, 5_000));
        vm.warp(START + 1 days);
        announce(pair(ANNA, 5_000, CARA, 5_000));
        vm.warp(START + SPLIT_DELAY);
        refused(
            address(artist),
            abi.encodeCall(artist.applySplits, ()),
            abi.encodeWithSelector(IArtist.NoSplitsDue.selector, START + 1 days + SPLIT_DELAY),
            "the delay runs again"
        );
        vm.warp(START + 1 days + SPLIT_DELAY);
        artist.applySplits();
        eq(artist.payees()[1].account, CARA, "the second");
    }

    function test_AnnouncingAfterTheDelayFirstAppliesWhatWasDue() public {
        announce(pair(ANNA, 5_000, BEN, 5_000));
        vm.warp(START + SPLIT_DELAY);
        announce(new IArtist.Payee[](0));
        eq(artist.payees()[0].account, ANNA, "the first are in force");
        earn(2);
        vm.warp(START + 2 * SPLIT_DELAY);
        artist.applySplits();
        earn(10);
        eq(artist.withdrawable(ANNA), 1, "anna's from before");
        eq(artist.withdrawable(OWNER), 10, "the owner alone again");
    }

    /// Shares are cumulative: pulling often or seldom makes no difference, not even in rounding.
    function test_PullingOftenGainsNothing() public {
        inForce(pair(ANNA, 9_999, BEN, 1));
        for (uint256 i; i < 100; ++i) {
            earn(5_000);
            artist.push(ANNA);
        }
        eq(dollar.balanceOf(ANNA), 499_950, "anna");
        artist.push(BEN);
        eq(dollar.balanceOf(BEN), 50, "ben");
    }

    function test_OneFrozenPayeeNeverBlocksAnother() public {
        FreezingDollar freezing = new FreezingDollar();
        deployOn(freezing);
        artist = registered(OWNER_KEY, "hana");
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        earn(100);
        freezing.setFrozen(ANNA, true);
        refused(
            address(artist),
            abi.encodeCall(artist.push, (ANNA)),
            abi.encodeWithSelector(FreezingDollar.Frozen.selector, ANNA),
            "frozen"
        );
        artist.push(BEN);
        eq(dollar.balanceOf(BEN), 50, "ben has his");
        vm.prank(ANNA);
        artist.withdraw(CARA, 50);
        eq(dollar.balanceOf(CARA), 50, "anna names another address");
    }

    function test_RevertWhen_AWithdrawalIsNotThePayees() public {
        earn(100);
        bytes memory none = abi.encodeWithSelector(IArtist.NotEnough.selector, STRANGER, 1, 0);
        vm.prank(STRANGER);
        refused(address(artist), abi.encodeCall(artist.withdraw, (STRANGER, 1)), none, "a stranger");
        vm.prank(OWNER);
        refused(
            address(artist),
            abi.encodeCall(artist.withdraw, (OWNER, 101)),
            abi.encodeWithSelector(IArtist.NotEnough.selector, OWNER, 101, 100),
            "more than due"
        );
        bytes memory missing = abi.encodeWithSelector(IArtist.AmountMissing.selector);
        vm.prank(OWNER);
        refused(address(artist), abi.encodeCall(artist.withdraw, (OWNER, 0)), missing, "nothing");
        refused(address(artist), abi.encodeCall(artist.push, (STRANGER)), missing, "nothing to push");
        address[2] memory bad = [address(0), address(artist)];
        for (uint256 i; i < 2; ++i) {
            vm.prank(OWNER);
            refused(
                address(artist),
                abi.encodeCall(artist.withdraw, (bad[i], 1)),
                abi.encodeWithSelector(IArtist.BadRecipient.selector, bad[i]),
                "nobody's address"
            );
        }
    }

    function test_RevertWhen_SplitsAreNonsense() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.SharesDoNotSum.selector, 9_999, 10_000);
        refusedSplits(pair(ANNA, 5_000, BEN, 4_999), refusal);
        refusal = abi.encodeWithSelector(IArtist.SharesDoNotSum.selector, 10_001, 10_000);
        refusedSplits(pair(ANNA, 5_000, BEN, 5_001), refusal);
        refusal = abi.encodeWithSelector(IArtist.BadPayee.selector, BEN, 0);
        refusedSplits(pair(ANNA, 10_000, BEN, 0), refusal);
        refusal = abi.encodeWithSelector(IArtist.BadPayee.selector, address(0), 5_000);
        refusedSplits(pair(ANNA, 5_000, address(0), 5_000), refusal);
        refusal = abi.encodeWithSelector(IArtist.BadPayee.selector, ANNA, 5_000);
        refusedSplits(pair(ANNA, 5_000, ANNA, 5_000), refusal);
        refusal = abi.encodeWithSelector(IArtist.BadPayee.selector, address(artist), 5_000);
        refusedSplits(pair(ANNA, 5_000, address(artist), 5_000), refusal);
        IArtist.Payee[] memory many = new IArtist.Payee[](17);
        refusedSplits(many, abi.encodeWithSelector(IArtist.TooManyPayees.selector, 17, 16));
        eq(artist.payees().length, 1, "nothing changed");
    }

    function refusedSplits(IArtist.Payee[] memory list, bytes memory refusal) private {
        vm.prank(OWNER);
        refused(address(artist), abi.encodeCall(artist.setSplits, (list)), refusal, "nonsense");
    }

    /// Sixteen random payees, two rounds of income, some of it taken out in between: each has floor(total · share).
    function testFuzz_EachPayeeGetsItsShareToTheUnit(uint64 first, uint64 second, uint256 seed, uint8 count) public {
        uint256 n = 1 + count % 16;
        IArtist.Payee[] memory list = new IArtist.Payee[](n);
        uint16 left = 10_000;
        for (uint256 i; i < n; ++i) {
            uint256 most = left - (n - 1 - i);
            uint16 bps = i == n - 1 ? left : uint16(1 + uint256(keccak256(abi.encode(seed, i))) % most);
            if (i != n - 1 && bps > most) bps = 1;
            list[i] = IArtist.Payee(address(uint160(0x1000 + i)), bps);
            left -= bps;
        }
        inForce(list);
        uint256 a = bound(first, 0, 1e9);
        uint256 b = bound(second, 0, 1e9);
        earn(a);
        for (uint256 i; i < n; ++i) {
            uint256 due = artist.withdrawable(list[i].account);
            eq(due, a * list[i].bps / 10_000, "first round");
            uint256 take = due * (uint256(keccak256(abi.encode(seed, "take", i))) % 4) / 3;
            if (take == 0) continue;
            vm.prank(list[i].account);
            artist.withdraw(list[i].account, take);
        }
        earn(b);
        for (uint256 i; i < n; ++i) {
            if (artist.withdrawable(list[i].account) != 0) artist.push(list[i].account);
            eq(dollar.balanceOf(list[i].account), (a + b) * list[i].bps / 10_000, "share of everything");
        }
        ok(dollar.balanceOf(address(artist)) < n, "less than a unit a payee is left");
    }

    // ---- ownership

    function test_OwnershipMovesInTwoSteps() public {
        earn(100);
        vm.expectEmit(address(artist));
        emit IArtist.OwnershipTransferStarted(OWNER, ANNA);
        vm.prank(OWNER);
        artist.transferOwnership(ANNA);
        eq(artist.owner(), OWNER, "not yet");
        vm.expectEmit(address(artist));
        emit IArtist.OwnershipTransferred(OWNER, ANNA, 1);
        vm.prank(ANNA);
        artist.acceptOwnership();
        eq(artist.owner(), ANNA, "now");
        eq(artist.pendingOwner(), address(0), "nobody waits");
        eq(artist.ownerEpoch(), 1, "epoch");
        earn(10);
        eq(artist.withdrawable(OWNER), 100, "what the former owner earned");
        eq(artist.withdrawable(ANNA), 10, "what the new owner earned");
    }

    function test_ATransferCanBeTakenBack() public {
        vm.startPrank(OWNER);
        artist.transferOwnership(ANNA);
        artist.transferOwnership(address(0));
        vm.stopPrank();
        vm.prank(ANNA);
        refused(
            address(artist),
            abi.encodeCall(artist.acceptOwnership, ()),
            abi.encodeWithSelector(IArtist.NotPendingOwner.selector, ANNA),
            "taken back"
        );
        vm.prank(address(0));
        refused(
            address(artist),
            abi.encodeCall(artist.acceptOwnershipWithSignature, (0, START, "")),
            abi.encodeWithSelector(IArtist.OwnerMissing.selector),
            "nobody waits"
        );
    }

    function test_SplitsInForceOutliveTheOwner_AnnouncedOnesDoNot() public {
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        announce(pair(OWNER, 9_999, BEN, 1));
        vm.prank(OWNER);
        artist.transferOwnership(CARA);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsDropped();
        vm.prank(CARA);
        artist.acceptOwnership();
        vm.warp(block.timestamp + 2 * SPLIT_DELAY);
        earn(10);
        eq(artist.withdrawable(ANNA), 5, "anna");
        eq(artist.withdrawable(OWNER), 0, "the former owner");
        (IArtist.Payee[] memory none, uint40 from) = artist.announcedSplits();
        eq(none.length + from, 0, "dropped");
    }
}
