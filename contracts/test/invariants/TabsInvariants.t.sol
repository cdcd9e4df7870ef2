// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITabs} from "../../src/interfaces/ITabs.sol";
import {Tabs} from "../../src/Tabs.sol";
import {Targets} from "../support/Check.sol";
import {TabsHandler} from "./TabsHandler.sol";

/// The list with its reasons is INVARIANTS.md.
contract TabsInvariants is Targets {
    uint256 private constant OFTEN = 5; // each action, of 600 calls

    TabsHandler private handler;
    Tabs private tabs;

    function setUp() public {
        handler = new TabsHandler();
        tabs = handler.theTabs();
        bytes4[] memory calls = new bytes4[](9);
        calls[0] = TabsHandler.open.selector;
        calls[1] = TabsHandler.topUp.selector;
        calls[2] = TabsHandler.settle.selector;
        calls[3] = TabsHandler.settle.selector; // twice as likely
        calls[4] = TabsHandler.announceClose.selector;
        calls[5] = TabsHandler.finishClose.selector;
        calls[6] = TabsHandler.payOut.selector;
        calls[7] = TabsHandler.open.selector;
        calls[8] = TabsHandler.replay.selector;
        target(address(handler), calls);
    }

    /// Everything that may happen does, or the invariants held for nothing.
    function test_EverythingThatMayHappenDoes() public {
        for (uint256 i; i < 10; ++i) {
            walk(i * 60, 60);
            invariant_01_Solvent();
            invariant_02_SettledNeverExceedsTheDeposit();
            invariant_03_CreditAndPaidOutIsWhatWasSettled();
            invariant_04_SettledIsTheLargestAmountPerArtist();
            invariant_05_ATabIsRefundedOnceAndStaysClosed();
            invariant_06_MoneyGoesToListenersArtistsAndTheTreasuryOnly();
            invariant_07_TheFeeIsNoMoreThanTheTabSays();
            invariant_08_ReplayAndOrderChangeNothing();
        }
        everyCallDid(OFTEN);
    }

    function live(uint256 i) private view returns (bool) {
        ITabs.TabState state = handler.tab(i).state;
        return state == ITabs.TabState.Open || state == ITabs.TabState.Closing;
    }

    function credit(uint256 artist) private view returns (uint256) {
        return tabs.credit(uint32(artist));
    }

    function invariant_01_Solvent() public view {
        uint256 owed;
        for (uint256 a; a <= handler.ARTISTS(); ++a) {
            owed += credit(a);
        }
        for (uint256 i; i < handler.TABS(); ++i) {
            if (live(i)) owed += handler.tab(i).deposit - handler.tab(i).settled;
        }
        eq(handler.balance(address(tabs)), owed, "what is held is what is owed");
    }

    function invariant_02_SettledNeverExceedsTheDeposit() public view {
        for (uint256 i; i < handler.TABS(); ++i) {
            ok(handler.tab(i).settled <= handler.tab(i).deposit, "settled <= deposit");
            eq(handler.tab(i).deposit, handler.deposited(i), "deposit = what was paid in");
        }
    }

    function invariant_03_CreditAndPaidOutIsWhatWasSettled() public view {
        for (uint256 a; a <= handler.ARTISTS(); ++a) {
            eq(credit(a) + handler.paid(a), handler.earned(a), "credit + paid = settled");
            eq(handler.balance(handler.payee(a)), handler.paid(a), "paid to the artist's contract");
        }
    }

    function invariant_04_SettledIsTheLargestAmountPerArtist() public view {
        for (uint256 i; i < handler.TABS(); ++i) {
            uint256 sum;
            for (uint256 a; a <= handler.ARTISTS(); ++a) {
                sum += handler.best(i, a);
            }
            bytes memory merged = handler.merged(i);
            eq(handler.tab(i).settled, sum, "settled = sum of maxima");
            same(handler.tab(i).settledHash, merged.length == 0 ? bytes32(0) : sha256(merged), "hash of the maxima");
        }
    }

    function invariant_05_ATabIsRefundedOnceAndStaysClosed() public view {
        for (uint256 i; i < handler.TABS(); ++i) {
            eq(handler.refunds(i), handler.tab(i).state == ITabs.TabState.Closed ? 1 : 0, "refunds");
        }
        for (uint256 i; i < handler.closedCount(); ++i) {
            ok(tabs.tab(handler.closed(i)).state == ITabs.TabState.Closed, "for ever");
        }
    }

    function invariant_06_MoneyGoesToListenersArtistsAndTheTreasuryOnly() public view {
        uint256 sum = handler.balance(address(tabs));
        for (uint256 a; a <= handler.ARTISTS(); ++a) {
            sum += handler.balance(handler.payee(a));
        }
        for (uint256 i; i < handler.TABS(); ++i) {
            sum += handler.balance(handler.listener(i));
        }
        eq(sum, handler.minted(), "every unit has an owner known before");
    }

    function invariant_07_TheFeeIsNoMoreThanTheTabSays() public view {
        for (uint256 i; i < handler.TABS(); ++i) {
            uint256 others;
            for (uint256 a = 1; a <= handler.ARTISTS(); ++a) {
                others += handler.best(i, a);
            }
            ok(handler.best(i, 0) <= others * handler.feeBps(i) / 10_000, "fee <= feeBps of what artists got");
        }
    }

    function invariant_08_ReplayAndOrderChangeNothing() public view {
        ok(!handler.moved(), "what was settled once is settled for good, in whatever order it comes again");
    }
}
