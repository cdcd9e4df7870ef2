// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";
import {SilentDollar} from "../../support/ArtistTokens.sol";
import {CallingDollar, FreezingDollar} from "../../support/Tokens.sol";

contract WithdrawTest is ArtistWorld {
    string private constant MEMBERS = "address payee,address to,uint256 amount,";

    function notEnough(address payee, uint256 amount, uint256 most) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.NotEnough.selector, payee, amount, most);
    }

    function test_RevertWhen_TheCallerIsNoPayee() public {
        earn(100);
        refusedTo(STRANGER, abi.encodeCall(artist.withdraw, (STRANGER, 1)), notEnough(STRANGER, 1, 0), "a stranger");
        holds(address(artist), 100, "all is there");
    }

    function test_RevertWhen_TheOwnerIsNoPayeeAnyMore() public {
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        earn(100);
        refusedTo(OWNER, abi.encodeCall(artist.withdraw, (OWNER, 1)), notEnough(OWNER, 1, 0), "the owner");
    }

    function test_RevertWhen_ItIsMoreThanTheShare() public {
        earn(100);
        refusedTo(OWNER, abi.encodeCall(artist.withdraw, (OWNER, 101)), notEnough(OWNER, 101, 100), "one unit more");
    }

    function test_RevertWhen_TheAmountIsZero() public {
        earn(100);
        bytes memory refusal = abi.encodeWithSelector(IArtist.AmountMissing.selector);
        refusedTo(OWNER, abi.encodeCall(artist.withdraw, (OWNER, 0)), refusal, "nothing");
    }

    function test_RevertWhen_TheRecipientIsNobodyOrTheContract() public {
        earn(100);
        address[2] memory nobody = [address(0), address(artist)];
        for (uint256 i; i < nobody.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(IArtist.BadRecipient.selector, nobody[i]);
            refusedTo(OWNER, abi.encodeCall(artist.withdraw, (nobody[i], 1)), refusal, "nobody's address");
        }
    }

    function test_RevertWhen_AnotherWithdrawalWasSigned() public {
        earn(100);
        bytes memory s = signed(OWNER_KEY, "Withdraw", MEMBERS, abi.encode(OWNER, CARA, 60));
        bytes memory input = abi.encodeCall(artist.withdrawWithSignature, (OWNER, STRANGER, 60, 0, deadline, s));
        refusedTo(STRANGER, input, badSignature(OWNER), "another recipient");
        input = abi.encodeCall(artist.withdrawWithSignature, (OWNER, CARA, 61, 0, deadline, s));
        refusedTo(STRANGER, input, badSignature(OWNER), "another amount");
        input = abi.encodeCall(artist.withdrawWithSignature, (ANNA, CARA, 60, 0, deadline, s));
        refusedTo(STRANGER, input, badSignature(ANNA), "another payee");
        holds(address(artist), 100, "all is there");
    }

    function test_RevertGiven_TheTokenFreezesTheRecipient() public {
        FreezingDollar freezing = new FreezingDollar();
        livesOn(freezing);
        earn(100);
        freezing.setFrozen(ANNA, true);
        bytes memory refusal = abi.encodeWithSelector(FreezingDollar.Frozen.selector, ANNA);
        refusedTo(OWNER, abi.encodeCall(artist.withdraw, (ANNA, 50)), refusal, "frozen");
        eq(artist.withdrawable(OWNER), 100, "nothing counted as taken");
        sent(OWNER, abi.encodeCall(artist.withdraw, (BEN, 50)));
        holds(BEN, 50, "another address works");
    }

    function test_RevertGiven_TheTokenSaysNo() public {
        earn(100);
        vm.mockCall(address(dollar), abi.encodeCall(dollar.transfer, (CARA, 50)), abi.encode(false));
        bytes memory refusal = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(dollar));
        refusedTo(OWNER, abi.encodeCall(artist.withdraw, (CARA, 50)), refusal, "false");
        eq(artist.withdrawable(OWNER), 100, "nothing counted as taken");
    }

    function test_ItSendsAShareWhereThePayeeSays() public {
        earn(1_001);
        vm.expectEmit(address(artist));
        emit IArtist.Withdrawn(OWNER, CARA, 1_000);
        sent(OWNER, abi.encodeCall(artist.withdraw, (CARA, 1_000)));
        isWithdrawn(1_000, 1);
    }

    function test_WhatThePayeeSignedAnybodySends() public {
        earn(1_001);
        bytes memory s = signed(OWNER_KEY, "Withdraw", MEMBERS, abi.encode(OWNER, CARA, 1_000));
        vm.expectEmit(address(artist));
        emit IArtist.Withdrawn(OWNER, CARA, 1_000);
        sent(ANYONE, abi.encodeCall(artist.withdrawWithSignature, (OWNER, CARA, 1_000, 0, deadline, s)));
        isWithdrawn(1_000, 1);
        eq(artist.nonce(OWNER, 0), 1, "the payee's nonce is used");
    }

    function test_DueSplitsAreAppliedFirst() public {
        announce(pair(ANNA, 5_000, BEN, 5_000));
        earn(10);
        vm.warp(START + SPLIT_DELAY);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsApplied(1);
        sent(OWNER, abi.encodeCall(artist.withdraw, (CARA, 4)));
        earn(10);
        eq(artist.withdrawable(OWNER), 6, "booked, less what was taken");
        eq(artist.withdrawable(ANNA), 5, "half");
        holds(CARA, 4, "taken");
    }

    /// What is due from former splits is paid first; the rest comes from the present ones.
    function test_BookedAndPresentSharesComeTogether() public {
        earn(100);
        inForce(pair(OWNER, 5_000, BEN, 5_000));
        earn(100);
        eq(artist.withdrawable(OWNER), 150, "100 booked and 50");
        sent(OWNER, abi.encodeCall(artist.withdraw, (CARA, 30)));
        eq(artist.withdrawable(OWNER), 120, "less what was taken");
        sent(OWNER, abi.encodeCall(artist.withdraw, (CARA, 120)));
        eq(artist.withdrawable(OWNER), 0, "all of it");
        eq(artist.withdrawable(BEN), 50, "ben's is untouched");
        holds(CARA, 150, "taken");
        holds(address(artist), 50, "ben's is there");
    }

    function test_ATokenWithoutAnswersWorks() public {
        livesOn(new SilentDollar());
        earn(1_001);
        sent(OWNER, abi.encodeCall(artist.withdraw, (CARA, 1_000)));
        isWithdrawn(1_000, 1);
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar calling = new CallingDollar();
        livesOn(calling);
        earn(100);
        calling.arm(address(artist), abi.encodeCall(artist.push, (OWNER)));
        sent(OWNER, abi.encodeCall(artist.withdraw, (CARA, 60)));
        ok(bytes4(calling.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
        isWithdrawn(60, 40);
    }

    /// Sixteen random payees, two rounds of income, some of it taken out in between: each has floor(total · share).
    function testFuzz_EachPayeeGetsItsShareToTheUnit(uint64 first, uint64 second, uint256 seed, uint8 count) public {
        IArtist.Payee[] memory list = randomPayees(seed, 1 + count % 16);
        inForce(list);
        (uint256 a, uint256 b) = (bound(first, 0, 1e9), bound(second, 0, 1e9));
        earn(a);
        for (uint256 i; i < list.length; ++i) {
            uint256 due = artist.withdrawable(list[i].account);
            eq(due, a * list[i].bps / 10_000, "first round");
            uint256 take = due * (uint256(keccak256(abi.encode(seed, "take", i))) % 4) / 3;
            if (take != 0) sent(list[i].account, abi.encodeCall(artist.withdraw, (list[i].account, take)));
        }
        earn(b);
        for (uint256 i; i < list.length; ++i) {
            if (artist.withdrawable(list[i].account) != 0) artist.push(list[i].account);
            holds(list[i].account, (a + b) * list[i].bps / 10_000, "share of everything");
        }
        ok(dollar.balanceOf(address(artist)) < list.length, "less than a unit a payee is left");
    }

    function randomPayees(uint256 seed, uint256 n) private pure returns (IArtist.Payee[] memory list) {
        list = new IArtist.Payee[](n);
        uint256 left = 10_000;
        for (uint256 i; i < n; ++i) {
            uint256 most = left - (n - 1 - i);
            uint256 bps = i == n - 1 ? left : 1 + uint256(keccak256(abi.encode(seed, i))) % most;
            list[i] = IArtist.Payee(address(uint160(0x1000 + i)), uint16(bps));
            left -= bps;
        }
    }

    function isWithdrawn(uint256 units, uint256 left) private view {
        holds(CARA, units, "where the payee says");
        holds(address(artist), left, "the rest stays");
        holds(OWNER, 0, "nowhere else");
        eq(artist.withdrawable(OWNER), left, "and stays the payee's");
    }
}
