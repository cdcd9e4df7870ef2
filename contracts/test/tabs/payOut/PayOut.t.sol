// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {OneTab} from "../../support/OneTab.sol";
import {CallingDollar, FeeDollar, FreezingDollar, MoodyDollar} from "../../support/Tokens.sol";
import {Vm} from "../../support/Vm.sol";

contract PayOutTest is OneTab {
    address[5] private payee;
    uint256[5] private owed;

    function setUp() public {
        start(new DevDollar());
    }

    /// Artists 1 to 4 are owed 100, 200, 300 and 400, the treasury 100.
    function start(DevDollar token) private {
        openOne(token, 1_000);
        bytes memory list = bytes.concat(entry(1, 100), entry(2, 200), entry(3, 300), entry(4, 400));
        settle("", withFee(list, 1_000));
        for (uint32 i; i < 5; ++i) {
            (payee[i], owed[i]) = (i == 0 ? TREASURY : registry.artistOf(i), i == 0 ? 100 : uint256(i) * 100);
        }
    }

    function all() private pure returns (uint32[] memory list) {
        list = new uint32[](5);
        for (uint32 i; i < 5; ++i) {
            list[i] = i;
        }
    }

    /// Pays everybody, but for one who is passed over.
    function paysAllBut(uint256 one_) private {
        for (uint32 i; i < 5; ++i) {
            vm.expectEmit(address(tabs));
            if (i == one_) emit ITabs.PayOutFailed(i, payee[i], owed[i]);
            else emit ITabs.PaidOut(i, payee[i], owed[i]);
        }
        vm.prank(ANYONE);
        eq(done(address(tabs), abi.encodeCall(tabs.payOut, (all()))).length, 0, "nothing is returned");
        for (uint32 i; i < 5; ++i) {
            if (i != one_) moves(address(tabs), payee[i], owed[i]);
            eq(tabs.credit(i), i == one_ ? owed[i] : 0, "to the last unit, or untouched");
        }
        onlyThatMoved();
    }

    function test_AnybodyMovesCreditsWhereTheyBelong() public {
        paysAllBut(5);
    }

    function test_IdsWithoutCreditAndUnknownIdsArePassedOver() public {
        paysAllBut(5);
        vm.recordLogs();
        uint32[] memory list = new uint32[](4);
        (list[0], list[1], list[2], list[3]) = (1, 5, type(uint32).max, 1);
        tabs.payOut(list);
        eq(vm.getRecordedLogs().length, 0, "nothing happens");
        onlyThatMoved();
    }

    function test_TheSameIdTwiceIsPaidOnce() public {
        uint32[] memory list = new uint32[](2);
        (list[0], list[1]) = (2, 2);
        tabs.payOut(list);
        moves(address(tabs), payee[2], 200);
        onlyThatMoved();
    }

    function test_OneFrozenPayeeNeverBlocksAnother() public {
        FreezingDollar token = new FreezingDollar();
        start(token);
        token.setFrozen(payee[2], true);
        paysAllBut(2);
        token.setFrozen(payee[2], false);
        tabs.payOut(ids(2));
        moves(address(tabs), payee[2], 200);
        onlyThatMoved();
    }

    function test_NothingATokenDoesToOneBlocksAnother() public {
        for (uint256 mood = uint256(MoodyDollar.Mood.SaysNo); mood <= uint256(MoodyDollar.Mood.Bombs); ++mood) {
            MoodyDollar token = new MoodyDollar();
            start(token);
            token.setMood(payee[1], MoodyDollar.Mood(mood));
            paysAllBut(1);
        }
    }

    /// Four payees for whom the token burns all it gets do not starve the fifth, with gas any block has.
    function test_ATokenThatBurnsGasBurnsNoMoreThanItsShare() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        for (uint256 i; i < 4; ++i) {
            token.setMood(payee[i], MoodyDollar.Mood.BurnsGas);
        }
        tabs.payOut{gas: 3_000_000}(all());
        moves(address(tabs), payee[4], 400);
        onlyThatMoved();
    }

    function test_PaysGiven_TheTokenReturnsNothing() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        token.setMood(payee[3], MoodyDollar.Mood.Silent);
        paysAllBut(5);
    }

    function test_PaysGiven_TheTokenKeepsAFee() public {
        FeeDollar token = new FeeDollar();
        token.stop(true);
        start(token);
        token.stop(false);
        tabs.payOut(ids(3));
        eq(dollar.balanceOf(address(tabs)), UNITS - 300, "the credit, and no more");
        eq(dollar.balanceOf(payee[3]), 297, "less the token's own fee");
        eq(tabs.credit(3), 0, "paid");
    }

    function test_ATokenThatCallsBackIsPaidOnce() public {
        CallingDollar token = new CallingDollar();
        start(token);
        token.arm(address(tabs), abi.encodeCall(tabs.payOut, (ids(1))));
        tabs.payOut(ids(1));
        moves(address(tabs), payee[1], 100);
        onlyThatMoved();
        eq(token.answer().length, 4, "refused");
    }

    /// With whatever gas: the call reverts, or everybody is paid. Too little gas never looks like a refusal.
    function test_TooLittleGasNeverFailsAPayee() public {
        uint256 reverted;
        uint256 paid;
        bytes memory input = abi.encodeCall(tabs.payOut, (all()));
        for (uint256 gas_ = 25_000; gas_ < 300_000; gas_ += 1_237) {
            uint256 clean = vm.snapshotState();
            vm.recordLogs();
            (bool good,) = address(tabs).call{gas: gas_}(input);
            Vm.Log[] memory logs = vm.getRecordedLogs();
            for (uint256 i; good && i < logs.length; ++i) {
                ok(logs[i].topics[0] != ITabs.PayOutFailed.selector, "nobody refused");
            }
            if (good) ++paid;
            else ++reverted;
            if (good) eq(tabs.credit(4), 0, "to the last");
            vm.revertToState(clean);
        }
        ok(paid != 0 && reverted != 0, "the range meets both ends");
    }

    function test_RevertWhen_ThereIsTooLittleGasToTell() public {
        MoodyDollar token = new MoodyDollar();
        start(token);
        token.setMood(payee[1], MoodyDollar.Mood.Reverts);
        bytes memory input = abi.encodeCall(tabs.payOut, (ids(1)));
        (bool good, bytes memory answer) = address(tabs).call{gas: 400_000}(input);
        ok(!good && bytes4(answer) == ITabs.TooLittleGas.selector, "it may have been the gas");
        (uint256 left, uint256 least) = abi.decode(this.withoutSelector(answer), (uint256, uint256));
        ok(left < 400_000 && left > 300_000, "what was left");
        eq(least, 515_625, "what it takes");
        eq(tabs.credit(1), 100, "still owed");
    }

    function withoutSelector(bytes calldata error_) external pure returns (bytes memory) {
        return error_[4:];
    }

    function test_ASlotOnceUsedNeverReturnsToZero() public {
        paysAllBut(5);
        uint256 used = 1 << 255;
        eq(uint256(vm.load(address(tabs), bytes32(uint256(3)))), used, "ids 0 to 3");
        eq(uint256(vm.load(address(tabs), bytes32(uint256(4)))), used, "ids 4 to 7");
        k = opened(0, "next", UNITS);
        settle("", bytes.concat(entry(3, 7), entry(4, 9)));
        eq(tabs.credit(3), 7, "whole");
        eq(tabs.credit(4), 9, "whole");
    }
}
