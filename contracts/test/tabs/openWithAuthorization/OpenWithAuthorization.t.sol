// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {Incoming} from "../../../src/libraries/Incoming.sol";
import {Tabs} from "../../../src/Tabs.sol";
import {GarbledDollar} from "../../support/ArtistTokens.sol";
import {OneTab} from "../../support/OneTab.sol";
import {CallingDollar, FeeDollar, FreezingDollar} from "../../support/Tokens.sol";

contract OpenWithAuthorizationTest is OneTab {
    ITabs.TabKey private fresh;
    uint256 private validBefore;

    function setUp() public {
        start(new DevDollar());
    }

    function start(DevDollar token) private {
        openOne(token, 0);
        fresh = tabKey(LISTENER, TAB_KEY, 500, "fresh");
        validBefore = block.timestamp + 1 hours;
        fund(LISTENER, 10 * UNITS);
        watch();
    }

    function input(ITabs.TabKey memory key, uint64 units, uint256 until, bytes memory signature)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(tabs.openWithAuthorization, (key, units, until, signature));
    }

    function good(ITabs.TabKey memory key, uint64 units) private view returns (bytes memory) {
        return input(key, units, validBefore, opening(LISTENER_KEY, key, units, validBefore));
    }

    function test_RevertWhen_TheDepositIsNotWorthItsGas() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.DepositTooSmall.selector, 999_999, 1_000_000);
        refuses(good(fresh, 999_999), refusal, "a unit short");
        done(address(tabs), good(fresh, 1_000_000));
    }

    function test_RevertWhen_TheAuthorisationLivesTooLong() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.ValidBeforeTooFar.selector, validBefore + 1, validBefore);
        bytes memory signature = opening(LISTENER_KEY, fresh, UNITS, validBefore + 1);
        refuses(input(fresh, UNITS, validBefore + 1, signature), refusal, "an hour and a second");
    }

    /// A relayer that keeps the signature cannot open the tab when the listener no longer expects it.
    function test_RevertWhen_TheOpeningComesLate() public {
        bytes memory late = good(fresh, UNITS);
        vm.warp(validBefore);
        refuses(
            late,
            abi.encodeWithSelector(ERC3009.ERC3009InvalidAuthorizationTime.selector, 0, validBefore),
            "at the second it ends"
        );
        vm.warp(validBefore - 1);
        done(address(tabs), late);
    }

    function test_RevertWhen_TermsAreNonsense() public {
        fresh.feeBps = 1_001;
        refuses(good(fresh, UNITS), abi.encodeWithSelector(ITabs.FeeTooHigh.selector, 1_001, 1_000), "fee");
        fresh.feeBps = 0;
        fresh.qy = bytes32(uint256(fresh.qy) ^ 1);
        refuses(good(fresh, UNITS), abi.encodeWithSelector(ITabs.BadTabKey.selector, fresh.qx, fresh.qy), "key");
    }

    function test_RevertWhen_TheSignatureHasAnotherLength() public {
        bytes memory signature = opening(LISTENER_KEY, fresh, UNITS, validBefore);
        uint256[3] memory lengths = [uint256(0), 64, 66];
        for (uint256 i; i < lengths.length; ++i) {
            bytes memory bad = new bytes(lengths[i]);
            for (uint256 b; b < bad.length && b < 65; ++b) {
                bad[b] = signature[b];
            }
            bytes memory refusal = abi.encodeWithSelector(Incoming.BadSignatureLength.selector, lengths[i]);
            refuses(input(fresh, UNITS, validBefore, bad), refusal, "not 65 bytes");
        }
    }

    function test_RevertWhen_TheSignatureIsForSomethingElse() public {
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector);
        bytes memory signature = opening(LISTENER_KEY, fresh, UNITS, validBefore);
        ITabs.TabKey memory other = tabKey(LISTENER, 0x7EEF, 500, "fresh");
        refuses(input(other, UNITS, validBefore, signature), refusal, "a thief's tab key");
        other = tabKey(LISTENER, TAB_KEY, 500, "fresh");
        other.cashier = STRANGER;
        refuses(input(other, UNITS, validBefore, signature), refusal, "another cashier");
        other = tabKey(LISTENER, TAB_KEY, 501, "fresh");
        refuses(input(other, UNITS, validBefore, signature), refusal, "another fee");
        other = tabKey(LISTENER, TAB_KEY, 500, "other");
        refuses(input(other, UNITS, validBefore, signature), refusal, "another salt");
        other = tabKey(STRANGER, TAB_KEY, 500, "fresh");
        refuses(input(other, UNITS, validBefore, signature), refusal, "another listener");
        refuses(input(fresh, UNITS + 1, validBefore, signature), refusal, "another amount");
        refuses(input(fresh, UNITS, validBefore - 1, signature), refusal, "another time");
        bytes32 topUp = keccak256(abi.encode("top-up", tabsDomain(), tabIdOf(fresh), bytes32(0)));
        signature = payment(LISTENER_KEY, address(tabs), UNITS, validBefore, topUp);
        refuses(input(fresh, UNITS, validBefore, signature), refusal, "a top-up as an opening");
        signature = opening(LISTENER_KEY, fresh, UNITS, validBefore);
        tabs = new Tabs(address(dollar), address(registry), TREASURY, CHALLENGE);
        refuses(input(fresh, UNITS, validBefore, signature), refusal, "another contract");
    }

    function test_RevertGiven_TheTabWasOpenedBefore() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabExists.selector, id);
        refuses(good(k, UNITS), refusal, "open");
        close();
        moves(address(tabs), LISTENER, UNITS);
        validBefore = block.timestamp + 1 hours;
        refuses(good(k, UNITS), refusal, "closed");
    }

    function test_RevertGiven_TheAuthorisationWasCancelled() public {
        bytes32 nonce = keccak256(abi.encode("open", tabsDomain(), tabIdOf(fresh)));
        bytes32 message =
            keccak256(abi.encode(keccak256("CancelAuthorization(address authorizer,bytes32 nonce)"), LISTENER, nonce));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(LISTENER_KEY, typed(domainOf("Dev Dollar", address(dollar)), message));
        dollar.cancelAuthorization(LISTENER, nonce, v, r, s);
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, LISTENER, nonce);
        refuses(good(fresh, UNITS), refusal, "cancelled");
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        FeeDollar token = new FeeDollar();
        token.stop(true);
        start(token);
        token.stop(false);
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, UNITS - UNITS / 100, UNITS);
        refuses(good(fresh, UNITS), refusal, "1% short");
    }

    function test_RevertGiven_TheListenerIsFrozen() public {
        FreezingDollar token = new FreezingDollar();
        start(token);
        token.setFrozen(LISTENER, true);
        refuses(good(fresh, UNITS), abi.encodeWithSelector(FreezingDollar.Frozen.selector, LISTENER), "frozen");
    }

    function test_RevertGiven_TheTokenSaysNoBalance() public {
        GarbledDollar token = new GarbledDollar();
        start(token);
        bytes memory opens = good(fresh, UNITS);
        token.garble(true, 32);
        refused(address(tabs), opens, "", "the balance, reverted with");
        token.garble(false, 31);
        refused(address(tabs), opens, "", "a byte short");
        bytes memory code = address(token).code;
        vm.etch(address(token), "");
        refused(address(tabs), opens, "", "nothing there");
        vm.etch(address(token), code);
        token.garble(false, 32);
        onlyThatMoved();
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar token = new CallingDollar();
        start(token);
        ITabs.Item memory item = signed("", entry(1, 5));
        bytes[8] memory calls = [
            abi.encodeCall(tabs.open, (k, 1)),
            good(tabKey(LISTENER, TAB_KEY, 0, "within"), UNITS),
            abi.encodeCall(tabs.topUp, (k, 1)),
            abi.encodeCall(tabs.topUpWithAuthorization, (k, UNITS, validBefore, "", "")),
            abi.encodeCall(tabs.finishClose, (k)),
            abi.encodeCall(tabs.payOut, (ids(1))),
            settling(item),
            abi.encodeCall(tabs.settleBatch, (new ITabs.Item[](0)))
        ];
        for (uint256 i; i < calls.length; ++i) {
            token.arm(address(tabs), calls[i]);
            done(address(tabs), good(tabKey(LISTENER, TAB_KEY, 0, bytes32(i + 1)), 1_000_000));
            moves(LISTENER, address(tabs), 1_000_000);
            onlyThatMoved();
            ok(bytes4(token.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
        }
    }

    function test_OneSignatureOpensATab() public {
        bytes memory opens = good(fresh, UNITS);
        id = tabIdOf(fresh);
        vm.expectEmit(address(tabs));
        emit ITabs.TabOpened(id, LISTENER, CASHIER, fresh.qx, fresh.qy, 500, "fresh", UNITS);
        vm.prank(ANYONE);
        eq(done(address(tabs), opens).length, 0, "nothing is returned");
        moves(LISTENER, address(tabs), UNITS);
        onlyThatMoved();
        isTab(UNITS, 0, 0, ITabs.TabState.Open, 0);
        bytes32 nonce = keccak256(abi.encode("open", tabsDomain(), id));
        ok(dollar.authorizationState(LISTENER, nonce), "the nonce is spent");
    }
}
