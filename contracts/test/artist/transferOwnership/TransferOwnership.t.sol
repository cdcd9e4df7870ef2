// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract TransferOwnershipTest is ArtistWorld {
    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        bytes memory input = abi.encodeCall(artist.transferOwnership, (STRANGER));
        refusedTo(STRANGER, input, notOwner(STRANGER), "a stranger");
        eq(artist.pendingOwner(), address(0), "nobody waits");
    }

    function test_RevertWhen_AnotherHeirWasSigned() public {
        bytes memory s = signed(OWNER_KEY, "TransferOwnership", "address to,", abi.encode(ANNA));
        bytes memory input = abi.encodeCall(artist.transferOwnershipWithSignature, (STRANGER, 0, deadline, s));
        refusedTo(STRANGER, input, badSignature(OWNER), "another heir");
    }

    function test_ItOnlyNamesTheNextOwner() public {
        earn(100);
        vm.expectEmit(address(artist));
        emit IArtist.OwnershipTransferStarted(OWNER, ANNA);
        sent(OWNER, abi.encodeCall(artist.transferOwnership, (ANNA)));
        isPending(ANNA);
        eq(artist.withdrawable(OWNER), 100, "the money is the owner's");
    }

    function test_ASecondCallReplacesTheFirstAndZeroTakesItBack() public {
        sent(OWNER, abi.encodeCall(artist.transferOwnership, (ANNA)));
        vm.expectEmit(address(artist));
        emit IArtist.OwnershipTransferStarted(OWNER, BEN);
        sent(OWNER, abi.encodeCall(artist.transferOwnership, (BEN)));
        isPending(BEN);
        bytes memory refusal = abi.encodeWithSelector(IArtist.NotPendingOwner.selector, ANNA);
        refusedTo(ANNA, abi.encodeCall(artist.acceptOwnership, ()), refusal, "replaced");
        sent(OWNER, abi.encodeCall(artist.transferOwnership, (address(0))));
        isPending(address(0));
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        bytes memory s = signed(OWNER_KEY, "TransferOwnership", "address to,", abi.encode(ANNA));
        vm.expectEmit(address(artist));
        emit IArtist.OwnershipTransferStarted(OWNER, ANNA);
        sent(ANYONE, abi.encodeCall(artist.transferOwnershipWithSignature, (ANNA, 0, deadline, s)));
        isPending(ANNA);
    }

    function isPending(address heir) private view {
        eq(artist.pendingOwner(), heir, "waits");
        eq(artist.owner(), OWNER, "the owner as yet");
        eq(artist.ownerEpoch(), 0, "no new epoch");
    }
}
