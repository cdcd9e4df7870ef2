// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract SetSplitsTest is ArtistWorld {
    function refusedSplits(IArtist.Payee[] memory list, bytes memory refusal, string memory what) private {
        refusedTo(OWNER, abi.encodeCall(artist.setSplits, (list)), refusal, what);
        eq(artist.payees().length, 1, "nothing changed");
    }

    function bad(address account, uint16 bps) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.BadPayee.selector, account, bps);
    }

    function signature(uint16 bpsOfAnna, uint16 bpsOfBen) private view returns (bytes memory) {
        bytes32 type_ = keccak256("Payee(address account,uint16 bps)");
        bytes32 list = keccak256(
            abi.encodePacked(keccak256(abi.encode(type_, ANNA, bpsOfAnna)), keccak256(abi.encode(type_, BEN, bpsOfBen)))
        );
        string memory name = string.concat("SetSplits(Payee[] payees,", TAIL, "Payee(address account,uint16 bps)");
        return signedFor(artist, OWNER_KEY, name, abi.encode(list), 0, deadline);
    }

    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        bytes memory input = abi.encodeCall(artist.setSplits, (pair(STRANGER, 9_999, OWNER, 1)));
        refusedTo(STRANGER, input, notOwner(STRANGER), "a stranger");
    }

    function test_RevertWhen_OtherSharesWereSigned() public {
        bytes memory s = signature(7_500, 2_500);
        IArtist.Payee[] memory list = pair(ANNA, 2_500, BEN, 7_500);
        bytes memory input = abi.encodeCall(artist.setSplitsWithSignature, (list, 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "swapped");
    }

    function test_RevertWhen_SharesDoNotSum() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.SharesDoNotSum.selector, 9_999, 10_000);
        refusedSplits(pair(ANNA, 5_000, BEN, 4_999), refusal, "too little");
        refusal = abi.encodeWithSelector(IArtist.SharesDoNotSum.selector, 10_001, 10_000);
        refusedSplits(pair(ANNA, 5_000, BEN, 5_001), refusal, "too much");
    }

    function test_RevertWhen_APayeeIsBad() public {
        refusedSplits(pair(ANNA, 10_000, BEN, 0), bad(BEN, 0), "no share");
        refusedSplits(pair(ANNA, 5_000, address(0), 5_000), bad(address(0), 5_000), "zero");
        refusedSplits(pair(ANNA, 5_000, ANNA, 5_000), bad(ANNA, 5_000), "twice");
        refusedSplits(pair(ANNA, 5_000, address(artist), 5_000), bad(address(artist), 5_000), "the contract itself");
    }

    function test_RevertWhen_ThereAreMoreThanSixteen() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.TooManyPayees.selector, 17, 16);
        refusedSplits(new IArtist.Payee[](17), refusal, "seventeen");
    }

    function test_ItAnnouncesAndMovesNothingYet() public {
        earn(1_000);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsSet(pair(ANNA, 7_000, BEN, 3_000), uint40(START) + SPLIT_DELAY);
        announce(pair(ANNA, 7_000, BEN, 3_000));
        isAnnounced();
        eq(artist.withdrawable(OWNER), 1_000, "still the owner's");
        eq(artist.withdrawable(ANNA) + artist.withdrawable(BEN), 0, "not theirs");
        holds(address(artist), 1_000, "all is there");
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        IArtist.Payee[] memory list = pair(ANNA, 7_000, BEN, 3_000);
        bytes memory s = signature(7_000, 3_000);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsSet(list, uint40(START) + SPLIT_DELAY);
        sent(ANYONE, abi.encodeCall(artist.setSplitsWithSignature, (list, 0, deadline, s)));
        isAnnounced();
    }

    function test_ASecondAnnouncementReplacesTheFirstAndStartsTheDelayAgain() public {
        announce(pair(ANNA, 5_000, BEN, 5_000));
        vm.warp(START + 1 days);
        announce(pair(ANNA, 5_000, CARA, 5_000));
        uint256 from = START + 1 days + SPLIT_DELAY;
        vm.warp(from - 1);
        bytes memory refusal = abi.encodeWithSelector(IArtist.NoSplitsDue.selector, from);
        refusedTo(ANYONE, abi.encodeCall(artist.applySplits, ()), refusal, "the delay runs again");
        vm.warp(from);
        artist.applySplits();
        eq(artist.payees()[1].account, CARA, "the second");
    }

    function test_WhatWasDueIsAppliedFirst() public {
        announce(pair(ANNA, 5_000, BEN, 5_000));
        vm.warp(START + SPLIT_DELAY);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsApplied(1);
        announce(new IArtist.Payee[](0));
        eq(artist.payees()[0].account, ANNA, "the first are in force");
        earn(2);
        vm.warp(START + 2 * SPLIT_DELAY);
        artist.applySplits();
        earn(10);
        eq(artist.withdrawable(ANNA), 1, "anna's from before");
        eq(artist.withdrawable(OWNER), 10, "the owner alone again");
    }

    function isAnnounced() private view {
        (IArtist.Payee[] memory list, uint40 from) = artist.announcedSplits();
        eq(list.length, 2, "two");
        eq(list[0].account, ANNA, "anna");
        eq(list[0].bps, 7_000, "anna's share");
        eq(list[1].account, BEN, "ben");
        eq(list[1].bps, 3_000, "ben's share");
        eq(from, START + SPLIT_DELAY, "from");
        eq(artist.payees()[0].account, OWNER, "the owner alone as yet");
    }
}
