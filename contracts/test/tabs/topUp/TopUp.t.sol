// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {Incoming} from "../../../src/libraries/Incoming.sol";
import {OneTab} from "../../support/OneTab.sol";
import {CallingDollar, FeeDollar, MoodyDollar} from "../../support/Tokens.sol";

contract TopUpTest is OneTab {
    uint64 private constant MOST = 2 ** 53 - 1;

    function setUp() public {
        start(new DevDollar());
    }

    function start(DevDollar token) private {
        openOne(token, 0);
        fund(ANYONE, UNITS);
        vm.prank(ANYONE);
        dollar.approve(address(tabs), UNITS);
        watch();
    }

    function topping(uint64 units) private view returns (bytes memory) {
        return abi.encodeCall(tabs.topUp, (k, units));
    }

    function topsUp(uint64 units) private {
        vm.expectEmit(address(tabs));
        emit ITabs.TabToppedUp(id, ANYONE, units);
        vm.prank(ANYONE);
        eq(done(address(tabs), topping(units)).length, 0, "nothing is returned");
        moves(ANYONE, address(tabs), units);
        onlyThatMoved();
    }

    function test_RevertWhen_TheAmountIsZero() public {
        refusesFrom(ANYONE, topping(0), abi.encodeWithSelector(ITabs.DepositMissing.selector), "nothing");
    }

    function test_RevertWhen_TheDepositWouldBeTooLarge() public {
        uint64 over = MOST - UNITS + 1;
        bytes memory refusal = abi.encodeWithSelector(ITabs.DepositTooLarge.selector, uint256(MOST) + 1, MOST);
        refusesFrom(ANYONE, topping(over), refusal, "a unit over");
        refusal = abi.encodeWithSelector(ITabs.DepositTooLarge.selector, uint256(type(uint64).max) + UNITS, MOST);
        refusesFrom(ANYONE, topping(type(uint64).max), refusal, "would wrap");
    }

    function test_RevertGiven_TheTabIsNotOpen() public {
        ITabs.TabKey memory known = k;
        k.salt = "none";
        refusesFrom(ANYONE, topping(1), notOpen(k, ITabs.TabState.None), "unknown");
        k = known;
        announce();
        refusesFrom(ANYONE, topping(1), notOpen(k, ITabs.TabState.Closing), "closing");
        vm.warp(block.timestamp + CHALLENGE);
        tabs.finishClose(k);
        moves(address(tabs), LISTENER, UNITS);
        refusesFrom(ANYONE, topping(1), notOpen(k, ITabs.TabState.Closed), "closed");
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        FeeDollar token = new FeeDollar();
        token.stop(true);
        start(token);
        token.stop(false);
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, 990, 1_000);
        refusesFrom(ANYONE, topping(1_000), refusal, "1% short");
    }

    function test_RevertGiven_TheTokenRefuses() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        token.setMood(ANYONE, MoodyDollar.Mood.SaysNo);
        bytes memory refusal = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token));
        refusesFrom(ANYONE, topping(7), refusal, "false");
        token.setMood(ANYONE, MoodyDollar.Mood.Reverts);
        refusesFrom(ANYONE, topping(7), abi.encodeWithSelector(MoodyDollar.Moody.selector, ANYONE), "reverts");
    }

    function test_TopsUpGiven_TheTokenReturnsNothing() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        token.setMood(ANYONE, MoodyDollar.Mood.Silent);
        topsUp(7);
        isTab(UNITS + 7, 0, 0, ITabs.TabState.Open, 0);
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar token = new CallingDollar();
        start(token);
        token.arm(address(tabs), topping(7));
        topsUp(7);
        ok(bytes4(token.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
        isTab(UNITS + 7, 0, 0, ITabs.TabState.Open, 0);
    }

    function test_AnybodyTopsUp_TheListenerIsRefunded() public {
        settle("", entry(1, 100));
        topsUp(7);
        isTab(UNITS + 7, 100, 0, ITabs.TabState.Open, sha256(entry(1, 100)));
        topsUp(7);
        close();
        moves(address(tabs), LISTENER, UNITS + 14 - 100);
        onlyThatMoved();
    }
}
