// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {Incoming} from "../../../src/libraries/Incoming.sol";
import {OneTab} from "../../support/OneTab.sol";
import {CallingDollar, FeeDollar} from "../../support/Tokens.sol";

contract TopUpWithAuthorizationTest is OneTab {
    uint256 private validBefore;

    function setUp() public {
        start(new DevDollar());
    }

    function start(DevDollar token) private {
        openOne(token, 0);
        validBefore = block.timestamp + 1 hours;
        fund(LISTENER, 10 * UNITS);
        watch();
    }

    function signature(ITabs.TabKey memory key, uint64 units, uint256 until, bytes32 salt)
        private
        view
        returns (bytes memory)
    {
        bytes32 nonce = keccak256(abi.encode("top-up", tabsDomain(), tabIdOf(key), salt));
        return payment(LISTENER_KEY, address(tabs), units, until, nonce);
    }

    function input(uint64 units, uint256 until, bytes32 salt, bytes memory by) private view returns (bytes memory) {
        return abi.encodeCall(tabs.topUpWithAuthorization, (k, units, until, salt, by));
    }

    function good(uint64 units, bytes32 salt) private view returns (bytes memory) {
        return input(units, validBefore, salt, signature(k, units, validBefore, salt));
    }

    function test_RevertWhen_TheAmountIsNotWorthItsGas() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.DepositTooSmall.selector, 999_999, 1_000_000);
        refuses(good(999_999, ""), refusal, "a unit short");
    }

    function test_RevertWhen_TheAuthorisationLivesTooLong() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.ValidBeforeTooFar.selector, validBefore + 1, validBefore);
        refuses(
            input(UNITS, validBefore + 1, "", signature(k, UNITS, validBefore + 1, "")), refusal, "an hour and a second"
        );
    }

    function test_RevertWhen_TheSignatureIsForSomethingElse() public {
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector);
        ITabs.TabKey memory other = tabKey(LISTENER, TAB_KEY, 0, "other");
        refuses(input(UNITS, validBefore, "", signature(other, UNITS, validBefore, "")), refusal, "another tab");
        refuses(input(UNITS, validBefore, "2", signature(k, UNITS, validBefore, "1")), refusal, "another salt");
        refuses(input(UNITS + 1, validBefore, "", signature(k, UNITS, validBefore, "")), refusal, "more");
        refuses(
            input(UNITS, validBefore, "", opening(LISTENER_KEY, k, UNITS, validBefore)),
            refusal,
            "an opening as a top-up"
        );
        refuses(
            input(UNITS, validBefore, "", hex"00"),
            abi.encodeWithSelector(Incoming.BadSignatureLength.selector, 1),
            "one byte"
        );
    }

    function test_RevertWhen_TheSameTopUpComesAgain() public {
        bytes memory first = good(UNITS, "1");
        done(address(tabs), first);
        moves(LISTENER, address(tabs), UNITS);
        bytes32 nonce = keccak256(abi.encode("top-up", tabsDomain(), id, bytes32("1")));
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, LISTENER, nonce);
        refuses(first, refusal, "again");
    }

    function test_RevertGiven_TheTabIsNotOpen() public {
        announce();
        refuses(good(UNITS, ""), notOpen(k, ITabs.TabState.Closing), "closing");
        k.salt = "none";
        refuses(good(UNITS, ""), notOpen(k, ITabs.TabState.None), "unknown");
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        FeeDollar token = new FeeDollar();
        token.stop(true);
        start(token);
        token.stop(false);
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, UNITS - UNITS / 100, UNITS);
        refuses(good(UNITS, ""), refusal, "1% short");
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar token = new CallingDollar();
        start(token);
        token.arm(address(tabs), good(UNITS, "within"));
        done(address(tabs), good(UNITS, ""));
        moves(LISTENER, address(tabs), UNITS);
        onlyThatMoved();
        ok(bytes4(token.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
    }

    function test_TopUpsAddUp_AlsoTwiceTheSameAmount() public {
        for (uint256 i = 1; i <= 2; ++i) {
            bytes memory call = good(UNITS, bytes32(i));
            vm.expectEmit(address(tabs));
            emit ITabs.TabToppedUp(id, LISTENER, UNITS);
            vm.prank(ANYONE);
            eq(done(address(tabs), call).length, 0, "nothing is returned");
            moves(LISTENER, address(tabs), UNITS);
            onlyThatMoved();
            isTab(UNITS * (1 + i), 0, 0, ITabs.TabState.Open, 0);
        }
    }
}
