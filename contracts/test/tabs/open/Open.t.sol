// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {Incoming} from "../../../src/libraries/Incoming.sol";
import {OneTab} from "../../support/OneTab.sol";
import {CallingDollar, FeeDollar, FreezingDollar, MoodyDollar} from "../../support/Tokens.sol";

contract OpenTest is OneTab {
    uint64 private constant MOST = 2 ** 53 - 1;

    ITabs.TabKey private fresh;

    function setUp() public {
        start(new DevDollar());
    }

    function start(DevDollar token) private {
        openOne(token, 0);
        fresh = tabKey(LISTENER, TAB_KEY, 500, "fresh");
        fund(LISTENER, UNITS);
        vm.prank(LISTENER);
        dollar.approve(address(tabs), UNITS);
        watch();
    }

    function opening(ITabs.TabKey memory key, uint64 units) private view returns (bytes memory) {
        return abi.encodeCall(tabs.open, (key, units));
    }

    function opens(ITabs.TabKey memory key, uint64 units) private {
        id = tabIdOf(key);
        vm.expectEmit(address(tabs));
        emit ITabs.TabOpened(id, LISTENER, CASHIER, key.qx, key.qy, key.feeBps, key.salt, units);
        vm.prank(LISTENER);
        eq(done(address(tabs), opening(key, units)).length, 0, "nothing is returned");
        moves(LISTENER, address(tabs), units);
        onlyThatMoved();
        isTab(units, 0, 0, ITabs.TabState.Open, 0);
    }

    function test_RevertWhen_TheCallerIsNotTheListener() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.NotListener.selector, STRANGER, LISTENER);
        refusesFrom(STRANGER, opening(fresh, UNITS), refusal, "somebody else");
    }

    function test_RevertWhen_TheDepositIsZero() public {
        refusesFrom(LISTENER, opening(fresh, 0), abi.encodeWithSelector(ITabs.DepositMissing.selector), "nothing");
    }

    function test_RevertWhen_TheDepositIsTooLarge() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.DepositTooLarge.selector, uint256(MOST) + 1, MOST);
        refusesFrom(LISTENER, opening(fresh, MOST + 1), refusal, "2^53");
    }

    function test_RevertWhen_TheCashierIsMissing() public {
        fresh.cashier = address(0);
        refusesFrom(LISTENER, opening(fresh, UNITS), abi.encodeWithSelector(ITabs.CashierMissing.selector), "nobody");
    }

    function test_RevertWhen_TheFeeIsTooHigh() public {
        fresh.feeBps = 1_001;
        bytes memory refusal = abi.encodeWithSelector(ITabs.FeeTooHigh.selector, 1_001, 1_000);
        refusesFrom(LISTENER, opening(fresh, UNITS), refusal, "a tenth and a bit");
        fresh.feeBps = 1_000;
        opens(fresh, UNITS);
    }

    function test_RevertWhen_TheTabKeyIsNotOnTheCurve() public {
        uint256 p = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF;
        bytes32[2][4] memory bad = [
            [fresh.qx, bytes32(uint256(fresh.qy) ^ 1)],
            [bytes32(0), bytes32(0)],
            [bytes32(uint256(5) + p), fresh.qy], // x = 5 is on the curve, and is not canonical
            [fresh.qx, bytes32(type(uint256).max)]
        ];
        for (uint256 i; i < bad.length; ++i) {
            (fresh.qx, fresh.qy) = (bad[i][0], bad[i][1]);
            bytes memory refusal = abi.encodeWithSelector(ITabs.BadTabKey.selector, fresh.qx, fresh.qy);
            refusesFrom(LISTENER, opening(fresh, UNITS), refusal, "no point");
        }
    }

    function test_RevertGiven_TheTabWasOpenedBefore() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabExists.selector, id);
        refusesFrom(LISTENER, opening(k, UNITS), refusal, "open");
        announce();
        refusesFrom(LISTENER, opening(k, UNITS), refusal, "closing");
        vm.warp(block.timestamp + CHALLENGE);
        tabs.finishClose(k);
        moves(address(tabs), LISTENER, UNITS);
        refusesFrom(LISTENER, opening(k, UNITS), refusal, "closed");
    }

    function test_RevertGiven_TheAllowanceIsTooSmall() public {
        bytes memory refusal =
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(tabs), UNITS, UNITS + 1);
        refusesFrom(LISTENER, opening(fresh, UNITS + 1), refusal, "a unit short");
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        FeeDollar token = new FeeDollar();
        token.stop(true);
        start(token);
        token.stop(false);
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, UNITS - UNITS / 100, UNITS);
        refusesFrom(LISTENER, opening(fresh, UNITS), refusal, "1% short");
    }

    function test_RevertGiven_TheTokenSaysNo() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        token.setMood(LISTENER, MoodyDollar.Mood.SaysNo);
        bytes memory refusal = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token));
        refusesFrom(LISTENER, opening(fresh, UNITS), refusal, "false");
    }

    function test_RevertGiven_TheTokenReverts() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        token.setMood(LISTENER, MoodyDollar.Mood.Reverts);
        bytes memory refusal = abi.encodeWithSelector(MoodyDollar.Moody.selector, LISTENER);
        refusesFrom(LISTENER, opening(fresh, UNITS), refusal, "its own words");
    }

    function test_RevertGiven_TheListenerIsFrozen() public {
        FreezingDollar token = new FreezingDollar();
        start(token);
        token.setFrozen(LISTENER, true);
        bytes memory refusal = abi.encodeWithSelector(FreezingDollar.Frozen.selector, LISTENER);
        refusesFrom(LISTENER, opening(fresh, UNITS), refusal, "frozen");
    }

    function test_OpensGiven_TheTokenReturnsNothing() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        token.setMood(LISTENER, MoodyDollar.Mood.Silent);
        opens(fresh, UNITS);
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar token = new CallingDollar();
        start(token);
        token.arm(address(tabs), abi.encodeCall(tabs.topUp, (k, 1)));
        opens(fresh, UNITS);
        ok(bytes4(token.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
    }

    function test_OpensATabOfOneUnit() public {
        opens(fresh, 1);
    }

    function test_OpensTheLargestTab() public {
        vm.store(address(dollar), keccak256(abi.encode(LISTENER, uint256(0))), bytes32(uint256(MOST)));
        eq(dollar.balanceOf(LISTENER), MOST, "the slot of a balance");
        vm.prank(LISTENER);
        dollar.approve(address(tabs), MOST);
        watch();
        opens(fresh, MOST);
    }

    function testFuzz_OpensWithAnyTerms(uint64 units, uint16 feeBps, bytes32 salt, uint256 key) public {
        units = uint64(bound(units, 1, UNITS));
        key = bound(key, 1, N - 1);
        opens(tabKey(LISTENER, key, feeBps % 1_001, keccak256(abi.encode(salt))), units);
    }
}
