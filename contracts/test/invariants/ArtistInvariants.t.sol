// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../src/Artist.sol";
import {Targets} from "../support/Check.sol";
import {ArtistHandler} from "./ArtistHandler.sol";

/// The list with its reasons is INVARIANTS.md.
contract ArtistInvariants is Targets {
    uint256 private constant MOST_PAYEES = 16;
    uint256 private constant OFTEN = 5; // each action, of 600 calls

    ArtistHandler private handler;
    Artist private artist;

    function setUp() public {
        handler = new ArtistHandler();
        artist = handler.artist();
        bytes4[] memory calls = new bytes4[](12);
        calls[0] = ArtistHandler.earn.selector;
        calls[1] = ArtistHandler.buy.selector;
        calls[2] = ArtistHandler.give.selector;
        calls[3] = ArtistHandler.setPrice.selector;
        calls[4] = ArtistHandler.setSplits.selector;
        calls[5] = ArtistHandler.applySplits.selector;
        calls[6] = ArtistHandler.withdraw.selector;
        calls[7] = ArtistHandler.transferOwnership.selector;
        calls[8] = ArtistHandler.attack.selector;
        calls[9] = ArtistHandler.register.selector;
        calls[10] = ArtistHandler.setSplits.selector; // twice as likely, and applying them too
        calls[11] = ArtistHandler.applySplits.selector;
        target(address(handler), calls);
    }

    /// Everything that may happen does, or the invariants held for nothing.
    function test_EverythingThatMayHappenDoes() public {
        for (uint256 i; i < 10; ++i) {
            walk(i * 60, 60);
            invariant_09_NoLicenceWithoutPaymentOrGift();
            invariant_10_WhatArrivedIsHeldOrWasTakenByPayees();
            invariant_11_EveryPromiseIsCovered();
            invariant_12_NothingIsStuck();
            invariant_13_EachPayeeGetsItsShare();
            invariant_14_NoncesAndEpochsNeverFall();
            invariant_15_IdsNeverChangeOwnerWithoutConsent();
        }
        everyCallDid(OFTEN);
    }

    function promised() private view returns (uint256 sum) {
        for (uint256 i; i < handler.PEOPLE(); ++i) {
            sum += artist.withdrawable(handler.person(i));
        }
    }

    function invariant_09_NoLicenceWithoutPaymentOrGift() public view {
        for (uint256 b; b < handler.BUYERS(); ++b) {
            for (uint256 s; s <= handler.SONGS() + 1; ++s) {
                address buyer = handler.buyer(b);
                ok(artist.hasLicence(buyer, s) == handler.entitled(buyer, s), "who paid or was given, and nobody else");
            }
        }
    }

    function invariant_10_WhatArrivedIsHeldOrWasTakenByPayees() public view {
        eq(handler.held() + handler.withdrawn(), handler.arrived(), "held + withdrawn = arrived");
    }

    function invariant_11_EveryPromiseIsCovered() public view {
        ok(promised() <= handler.held(), "promised <= held");
    }

    function invariant_12_NothingIsStuck() public view {
        ok(handler.held() - promised() < MOST_PAYEES, "less than a unit per payee is nobody's yet");
    }

    function invariant_13_EachPayeeGetsItsShare() public view {
        uint256 rounding = (handler.epochs() + 1) * MOST_PAYEES;
        for (uint256 i; i < handler.PEOPLE(); ++i) {
            uint256 got = handler.taken(i) + artist.withdrawable(handler.person(i));
            uint256 fair = handler.fair(i) / 10_000;
            ok(got <= fair + rounding && fair <= got + rounding, "within a unit per payee and change of splits");
        }
    }

    function invariant_14_NoncesAndEpochsNeverFall() public view {
        ok(!handler.fell(), "never falls");
    }

    function invariant_15_IdsNeverChangeOwnerWithoutConsent() public view {
        eq(artist.owner(), handler.agreed(), "the owner is whom the last one named, and who accepted");
        eq(handler.artistOf(1), address(artist), "id 1 is the contract it was");
        eq(artist.artistId(), 1, "and the contract says so");
        for (uint32 i; i < handler.strangers(); ++i) {
            Artist other = Artist(handler.artistOf(i + 2));
            eq(other.owner(), handler.stranger(i), "who came later has what it registered");
            eq(other.artistId(), i + 2, "ids in the order of registration");
        }
    }
}
