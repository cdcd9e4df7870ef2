// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract AcceptOwnershipTest is ArtistWorld {
    uint256 private constant HEIR_KEY = 0xE1;
    address private immutable _heir = vm.addr(HEIR_KEY);
    bytes private _call = abi.encodeWithSelector(IArtist.acceptOwnership.selector);

    function named() private {
        vm.prank(OWNER);
        artist.transferOwnership(_heir);
    }

    function test_RevertWhen_TheCallerIsNotThePendingOwner() public {
        named();
        refusedTo(STRANGER, _call, abi.encodeWithSelector(IArtist.NotPendingOwner.selector, STRANGER), "a stranger");
        refusedTo(OWNER, _call, abi.encodeWithSelector(IArtist.NotPendingOwner.selector, OWNER), "the owner itself");
    }

    function test_RevertWhen_SomebodyElseSigned() public {
        named();
        bytes memory s = signed(OWNER_KEY, "AcceptOwnership", "", "");
        bytes memory input = abi.encodeCall(artist.acceptOwnershipWithSignature, (0, deadline, s));
        refusedTo(ANYONE, input, badSignature(_heir), "the owner's");
        eq(artist.owner(), OWNER, "still the owner");
    }

    /// Nobody's signature recovers to the zero address, which is pending when nobody is.
    function test_RevertGiven_NobodyIsPending() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.OwnerMissing.selector);
        bytes memory input = abi.encodeCall(artist.acceptOwnershipWithSignature, (0, deadline, new bytes(65)));
        refusedTo(ANYONE, input, refusal, "signed by nobody");
        refusedTo(OWNER, _call, abi.encodeWithSelector(IArtist.NotPendingOwner.selector, OWNER), "the owner");
    }

    function test_ItMovesOwnershipAndLeavesTheFormerOwnerItsIncome() public {
        earn(100);
        named();
        vm.expectEmit(address(artist));
        emit IArtist.OwnershipTransferred(OWNER, _heir, 1);
        sent(_heir, _call);
        isMoved();
        earn(10);
        eq(artist.withdrawable(OWNER), 100, "what the former owner earned");
        eq(artist.withdrawable(_heir), 10, "what the new owner earned");
        holds(address(artist), 110, "all is there");
        refusedTo(OWNER, abi.encodeCall(artist.publish, (songs(1))), notOwner(OWNER), "an owner no more");
        sent(_heir, abi.encodeCall(artist.publish, (songs(1))));
        eq(artist.songCount(), SONGS + 1, "the heir publishes");
    }

    function test_WhatTheHeirSignedAnybodySends() public {
        named();
        bytes memory s = signed(HEIR_KEY, "AcceptOwnership", "", "");
        vm.expectEmit(address(artist));
        emit IArtist.OwnershipTransferred(OWNER, _heir, 1);
        sent(ANYONE, abi.encodeCall(artist.acceptOwnershipWithSignature, (0, deadline, s)));
        isMoved();
    }

    function test_SplitsInForceOutliveTheOwnerAndAnnouncedOnesAreDropped() public {
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        announce(pair(OWNER, 9_999, BEN, 1));
        named();
        vm.expectEmit(address(artist));
        emit IArtist.SplitsDropped();
        sent(_heir, _call);
        vm.warp(block.timestamp + 2 * SPLIT_DELAY);
        earn(10);
        eq(artist.withdrawable(ANNA), 5, "anna");
        eq(artist.withdrawable(OWNER), 0, "the former owner");
        (IArtist.Payee[] memory none, uint40 from) = artist.announcedSplits();
        eq(none.length + from, 0, "dropped");
    }

    function test_SplitsThatAreDueComeIntoForceFirst() public {
        earn(100);
        announce(pair(ANNA, 5_000, BEN, 5_000));
        named();
        vm.warp(START + SPLIT_DELAY);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsApplied(1);
        sent(_heir, _call);
        earn(10);
        eq(artist.withdrawable(OWNER), 100, "what the former owner earned");
        eq(artist.withdrawable(ANNA), 5, "anna");
        eq(artist.withdrawable(_heir), 0, "the heir has no share");
    }

    function isMoved() private view {
        eq(artist.owner(), _heir, "the heir");
        eq(artist.pendingOwner(), address(0), "nobody waits");
        eq(artist.ownerEpoch(), 1, "a new epoch");
    }
}
