// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ITabs} from "../../src/interfaces/ITabs.sol";
import {Incoming} from "../../src/libraries/Incoming.sol";
import {Tabs} from "../../src/Tabs.sol";
import {CallingDollar, FeeDollar} from "../support/Tokens.sol";
import {World} from "../support/World.sol";

contract OpenTest is World {
    uint64 private constant UNITS = 5_000_000;
    uint64 private constant MOST = 2 ** 53 - 1;

    ITabs.TabKey private k;
    uint256 private validBefore;

    function setUp() public {
        deploy();
        k = tabKey(LISTENER, TAB_KEY, 500, "salt");
        fund(LISTENER, 100_000_000);
        validBefore = block.timestamp + 1 hours;
    }

    function openingCall(ITabs.TabKey memory key, uint64 units, uint256 until, bytes memory signature)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(tabs.openWithAuthorization, (key, units, until, signature));
    }

    function topping(ITabs.TabKey memory key, uint64 units, bytes32 salt) private view returns (bytes memory) {
        bytes32 nonce = keccak256(abi.encode("top-up", tabsDomain(), tabIdOf(key), salt));
        return payment(LISTENER_KEY, address(tabs), units, validBefore, nonce);
    }

    function toppingCall(uint64 units, bytes32 salt, bytes memory signature) private view returns (bytes memory) {
        return abi.encodeCall(tabs.topUpWithAuthorization, (k, units, validBefore, salt, signature));
    }

    function test_OneSignatureOpensATab() public {
        bytes memory signature = opening(LISTENER_KEY, k, UNITS, validBefore);
        vm.expectEmit(address(tabs));
        emit ITabs.TabOpened(tabIdOf(k), LISTENER, CASHIER, k.qx, k.qy, 500, "salt", UNITS);
        vm.prank(ANYONE);
        tabs.openWithAuthorization(k, UNITS, validBefore, signature);

        same(tabs.tabId(k), tabIdOf(k), "tabId");
        same(tabs.domain(), tabsDomain(), "domain");
        ITabs.Tab memory t = tabs.tab(tabIdOf(k));
        eq(t.deposit, UNITS, "deposit");
        eq(t.settled, 0, "settled");
        eq(t.closesAt, 0, "open");
        ok(t.state == ITabs.TabState.Open, "open");
        eq(dollar.balanceOf(address(tabs)), UNITS, "held");
    }

    function test_AListenerOpensFromItsAllowance_AlsoASmallTab() public {
        vm.startPrank(LISTENER);
        dollar.approve(address(tabs), 1);
        tabs.open(k, 1);
        vm.stopPrank();
        eq(tabs.tab(tabIdOf(k)).deposit, 1, "deposit");
    }

    function test_TopUpsAddUp_AlsoTwiceTheSameAmount() public {
        tabs.openWithAuthorization(k, UNITS, validBefore, opening(LISTENER_KEY, k, UNITS, validBefore));
        bytes memory first = toppingCall(UNITS, "1", topping(k, UNITS, "1"));
        vm.expectEmit(address(tabs));
        emit ITabs.TabToppedUp(tabIdOf(k), LISTENER, UNITS);
        done(address(tabs), first);
        done(address(tabs), toppingCall(UNITS, "2", topping(k, UNITS, "2")));
        fund(ANYONE, 7);
        vm.startPrank(ANYONE);
        dollar.approve(address(tabs), 7);
        tabs.topUp(k, 7);
        vm.stopPrank();
        eq(tabs.tab(tabIdOf(k)).deposit, 3 * UNITS + 7, "deposit");
        eq(dollar.balanceOf(address(tabs)), 3 * UNITS + 7, "held");
        bytes32 nonce = keccak256(abi.encode("top-up", tabsDomain(), tabIdOf(k), bytes32("1")));
        refused(
            address(tabs),
            first,
            abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, LISTENER, nonce),
            "the same top-up again"
        );
    }

    function test_RevertWhen_ASignatureIsTurnedToSomethingElse() public {
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector);
        bytes memory signature = opening(LISTENER_KEY, k, UNITS, validBefore);
        ITabs.TabKey memory thief = tabKey(LISTENER, 0x7EEF, 500, "salt");
        refused(address(tabs), openingCall(thief, UNITS, validBefore, signature), refusal, "another tab key");
        ITabs.TabKey memory other = tabKey(LISTENER, TAB_KEY, 500, "salt");
        other.cashier = STRANGER;
        refused(address(tabs), openingCall(other, UNITS, validBefore, signature), refusal, "another cashier");
        other = tabKey(LISTENER, TAB_KEY, 501, "salt");
        refused(address(tabs), openingCall(other, UNITS, validBefore, signature), refusal, "another fee");
        refused(address(tabs), openingCall(k, UNITS + 1, validBefore, signature), refusal, "another amount");
        tabs.openWithAuthorization(k, UNITS, validBefore, signature);
        refused(address(tabs), toppingCall(UNITS, "", signature), refusal, "an opening as a top-up");
        signature = topping(other, UNITS, "");
        refused(address(tabs), toppingCall(UNITS, "", signature), refusal, "a top-up of another tab");
        refused(
            address(tabs),
            toppingCall(UNITS, "", hex"00"),
            abi.encodeWithSelector(Incoming.BadSignatureLength.selector, 1),
            "one byte"
        );
    }

    function test_RevertWhen_TermsAreNonsense() public {
        ITabs.TabKey memory bad = tabKey(LISTENER, TAB_KEY, 1_001, "");
        refusedOpening(bad, UNITS, abi.encodeWithSelector(ITabs.FeeTooHigh.selector, 1_001, 1_000));
        bad = tabKey(LISTENER, TAB_KEY, 0, "");
        bad.cashier = address(0);
        refusedOpening(bad, UNITS, abi.encodeWithSelector(ITabs.CashierMissing.selector));
        bad = tabKey(LISTENER, TAB_KEY, 0, "");
        bad.qy = bytes32(uint256(bad.qy) ^ 1);
        refusedOpening(bad, UNITS, abi.encodeWithSelector(ITabs.BadTabKey.selector, bad.qx, bad.qy));
        (bad.qx, bad.qy) = (0, 0);
        refusedOpening(bad, UNITS, abi.encodeWithSelector(ITabs.BadTabKey.selector, 0, 0));
        refusedOpening(k, 0, abi.encodeWithSelector(ITabs.DepositMissing.selector));
        refusedOpening(k, MOST + 1, abi.encodeWithSelector(ITabs.DepositTooLarge.selector, uint256(MOST) + 1, MOST));
        vm.prank(STRANGER);
        refused(
            address(tabs),
            abi.encodeCall(tabs.open, (k, UNITS)),
            abi.encodeWithSelector(ITabs.NotListener.selector, STRANGER, LISTENER),
            "somebody else"
        );
    }

    function refusedOpening(ITabs.TabKey memory key, uint64 units, bytes memory refusal) private {
        vm.prank(LISTENER);
        refused(address(tabs), abi.encodeCall(tabs.open, (key, units)), refusal, "nonsense");
    }

    function test_RevertWhen_ARelayedDepositIsNotWorthItsGas() public {
        bytes memory signature = opening(LISTENER_KEY, k, 999_999, validBefore);
        bytes memory refusal = abi.encodeWithSelector(ITabs.DepositTooSmall.selector, 999_999, 1_000_000);
        refused(address(tabs), openingCall(k, 999_999, validBefore, signature), refusal, "opening");
        tabs.openWithAuthorization(k, 1_000_000, validBefore, opening(LISTENER_KEY, k, 1_000_000, validBefore));
        refused(address(tabs), toppingCall(999_999, "", topping(k, 999_999, "")), refusal, "top-up");
    }

    function test_RevertWhen_AnAuthorisationLivesTooLong() public {
        bytes memory signature = opening(LISTENER_KEY, k, UNITS, validBefore + 1);
        refused(
            address(tabs),
            openingCall(k, UNITS, validBefore + 1, signature),
            abi.encodeWithSelector(ITabs.ValidBeforeTooFar.selector, validBefore + 1, validBefore),
            "an hour and a second"
        );
    }

    function test_RevertGiven_TheTabWasOpenedBefore() public {
        opened(0, "x", UNITS);
        ITabs.TabKey memory again = tabKey(LISTENER, TAB_KEY, 0, "x");
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabExists.selector, tabIdOf(again));
        refusedOpening(again, UNITS, refusal);
        vm.prank(LISTENER);
        tabs.announceClose(again);
        refusedOpening(again, UNITS, refusal);
        vm.warp(block.timestamp + CHALLENGE);
        tabs.finishClose(again);
        refusedOpening(again, UNITS, refusal);
        validBefore = block.timestamp + 1 hours;
        bytes memory signature = opening(LISTENER_KEY, again, UNITS, validBefore);
        refused(address(tabs), openingCall(again, UNITS, validBefore, signature), refusal, "never twice");
    }

    function test_RevertWhen_ATopUpFindsNoOpenTab() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, tabIdOf(k), ITabs.TabState.None);
        refused(address(tabs), toppingCall(UNITS, "", topping(k, UNITS, "")), refusal, "unknown");
        vm.startPrank(LISTENER);
        dollar.approve(address(tabs), type(uint256).max);
        tabs.open(k, 10);
        tabs.announceClose(k);
        refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, tabIdOf(k), ITabs.TabState.Closing);
        vm.stopPrank();
        refused(address(tabs), abi.encodeCall(tabs.topUp, (k, 1)), refusal, "closing");
    }

    function test_RevertWhen_ATopUpIsNothingOrTooMuch() public {
        k = opened(0, "y", UNITS);
        refused(
            address(tabs),
            abi.encodeCall(tabs.topUp, (k, 0)),
            abi.encodeWithSelector(ITabs.DepositMissing.selector),
            "nothing"
        );
        refused(
            address(tabs),
            abi.encodeCall(tabs.topUp, (k, MOST)),
            abi.encodeWithSelector(ITabs.DepositTooLarge.selector, uint256(MOST) + UNITS, MOST),
            "too much"
        );
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        deployOn(new FeeDollar());
        fund(LISTENER, 2 * UNITS);
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, UNITS - UNITS / 100, UNITS);
        bytes memory signature = opening(LISTENER_KEY, k, UNITS, validBefore);
        refused(address(tabs), openingCall(k, UNITS, validBefore, signature), refusal, "authorised");
        vm.prank(LISTENER);
        dollar.approve(address(tabs), UNITS);
        refusedOpening(k, UNITS, refusal);
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar calling = new CallingDollar();
        deployOn(calling);
        fund(LISTENER, 10 * UNITS);
        bytes[4] memory calls = [
            abi.encodeCall(tabs.topUp, (k, 1)),
            abi.encodeCall(tabs.finishClose, (k)),
            abi.encodeCall(tabs.payOut, (ids(1))),
            abi.encodeCall(tabs.settleBatch, (new ITabs.Item[](0)))
        ];
        for (uint256 i; i < calls.length; ++i) {
            k = tabKey(LISTENER, TAB_KEY, 0, bytes32(i));
            bytes memory signature = opening(LISTENER_KEY, k, UNITS, validBefore);
            calling.arm(address(tabs), calls[i]);
            tabs.openWithAuthorization(k, UNITS, validBefore, signature);
            ok(bytes4(calling.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
        }
        eq(dollar.balanceOf(address(tabs)), 4 * UNITS, "each deposit counted once");
    }

    function test_RevertWhen_TheTreasuryIsMissing() public {
        bytes memory code = abi.encodePacked(
            type(Tabs).creationCode, abi.encode(address(dollar), address(registry), address(0), CHALLENGE)
        );
        vm.expectRevert(abi.encodeWithSelector(ITabs.TreasuryMissing.selector));
        assembly ("memory-safe") {
            pop(create(0, add(code, 32), mload(code)))
        }
    }
}
