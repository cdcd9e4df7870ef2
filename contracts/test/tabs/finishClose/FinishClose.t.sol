// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {CallingDollar, FeeDollar, FreezingDollar, MoodyDollar} from "../../support/Tokens.sol";
import {OneTab} from "../../support/OneTab.sol";

contract FinishCloseTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
    }

    function input() private view returns (bytes memory) {
        return abi.encodeCall(tabs.finishClose, (k));
    }

    function due() private {
        announce();
        vm.warp(START + CHALLENGE);
    }

    function refunds(uint256 rest) private {
        vm.expectEmit(address(tabs));
        emit ITabs.TabClosed(id, uint64(rest));
        vm.prank(ANYONE);
        eq(done(address(tabs), input()).length, 0, "nothing is returned");
        moves(address(tabs), LISTENER, rest);
        onlyThatMoved();
        ok(tabs.tab(id).state == ITabs.TabState.Closed, "closed");
    }

    function test_RevertGiven_TheCloseWasNotAnnounced() public {
        refuses(input(), notOpen(k, ITabs.TabState.Open), "open");
        k.salt = "none";
        refuses(input(), notOpen(k, ITabs.TabState.None), "unknown");
    }

    function test_RevertGiven_TheChallengeRuns() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.ChallengeRunning.selector, id, START + CHALLENGE);
        announce();
        refuses(input(), refusal, "at once");
        vm.warp(START + CHALLENGE - 1);
        refuses(input(), refusal, "a second early");
    }

    function test_RevertGiven_AlreadyRefunded() public {
        due();
        refunds(UNITS);
        refuses(input(), notOpen(k, ITabs.TabState.Closed), "twice");
    }

    function test_AFrozenListenerWaits_ArtistsDoNot() public {
        FreezingDollar token = new FreezingDollar();
        openOne(token, 0);
        due();
        token.setFrozen(LISTENER, true);
        refuses(input(), abi.encodeWithSelector(FreezingDollar.Frozen.selector, LISTENER), "frozen");
        settle("", entry(1, 100));
        tabs.payOut(ids(1));
        moves(address(tabs), registry.artistOf(1), 100);
        onlyThatMoved();
        token.setFrozen(LISTENER, false);
        refunds(UNITS - 100);
    }

    function test_RevertGiven_TheTokenSaysNo() public {
        MoodyDollar token = new MoodyDollar();
        openOne(token, 0);
        due();
        token.setMood(LISTENER, MoodyDollar.Mood.SaysNo);
        refuses(input(), abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token)), "false");
        isTab(UNITS, 0, START + CHALLENGE, ITabs.TabState.Closing, 0);
    }

    function test_RefundsGiven_TheTokenReturnsNothing() public {
        MoodyDollar token = new MoodyDollar();
        openOne(token, 0);
        due();
        token.setMood(LISTENER, MoodyDollar.Mood.Silent);
        refunds(UNITS);
    }

    function test_RefundsGiven_TheTokenKeepsAFee() public {
        FeeDollar token = new FeeDollar();
        token.stop(true);
        openOne(token, 0);
        due();
        token.stop(false);
        tabs.finishClose(k);
        eq(dollar.balanceOf(address(tabs)), 0, "the rest, and no more");
        eq(dollar.balanceOf(LISTENER), UNITS - UNITS / 100, "less the token's own fee");
    }

    function test_ATokenThatCallsBackIsPaidOnce() public {
        CallingDollar token = new CallingDollar();
        openOne(token, 0);
        opened(0, "another's money", UNITS);
        watch();
        due();
        token.arm(address(tabs), input());
        refunds(UNITS);
        ok(bytes4(token.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
    }

    function test_TheListenerGetsWhatWasNotSettled() public {
        settle("", entry(1, 1_000));
        announce();
        settle(entry(1, 1_000), entry(1, 1_500)); // artists answer within the challenge
        vm.warp(START + CHALLENGE);
        refunds(UNITS - 1_500);
        isTab(UNITS, 1_500, START + CHALLENGE, ITabs.TabState.Closed, sha256(entry(1, 1_500)));
    }

    function test_ATabSpentToTheLastUnitClosesWithoutARefund() public {
        settle("", entry(1, UNITS));
        due();
        refunds(0);
    }

    function testFuzz_TheRefundIsTheRest(uint64 spent, uint32 wait) public {
        spent = uint64(bound(spent, 1, UNITS));
        settle("", entry(1, spent));
        announce();
        vm.warp(START + CHALLENGE + wait);
        refunds(UNITS - spent);
    }
}
