// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract GiveLicenceTest is ArtistWorld {
    string private constant MEMBERS = "uint256 songId,address to,";

    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        bytes memory input = abi.encodeCall(artist.giveLicence, (1, STRANGER));
        refusedTo(STRANGER, input, notOwner(STRANGER), "a stranger, to itself");
        ok(!artist.hasLicence(STRANGER, 1), "none");
    }

    function test_RevertWhen_AnotherLicenseeWasSigned() public {
        bytes memory s = signed(OWNER_KEY, "GiveLicence", MEMBERS, abi.encode(1, LISTENER));
        bytes memory input = abi.encodeCall(artist.giveLicenceWithSignature, (1, STRANGER, 0, deadline, s));
        refusedTo(STRANGER, input, badSignature(OWNER), "another licensee");
    }

    function test_RevertWhen_TheSongIsUnknown() public {
        refusedTo(OWNER, abi.encodeCall(artist.giveLicence, (0, LISTENER)), unknown(0), "zero");
        refusedTo(OWNER, abi.encodeCall(artist.giveLicence, (SONGS + 1, LISTENER)), unknown(SONGS + 1), "not yet");
        bytes memory s = signed(OWNER_KEY, "GiveLicence", MEMBERS, abi.encode(0, LISTENER));
        bytes memory input = abi.encodeCall(artist.giveLicenceWithSignature, (0, LISTENER, 0, deadline, s));
        refusedTo(ANYONE, input, unknown(0), "signed");
    }

    function test_RevertWhen_TheLicenseeIsZero() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.LicenseeMissing.selector);
        refusedTo(OWNER, abi.encodeCall(artist.giveLicence, (1, address(0))), refusal, "nobody");
    }

    function test_RevertGiven_AlreadyLicensed() public {
        bytes memory input = abi.encodeCall(artist.giveLicence, (1, LISTENER));
        sent(OWNER, input);
        refusedTo(OWNER, input, abi.encodeWithSelector(IArtist.AlreadyLicensed.selector, 1, LISTENER), "twice");
    }

    function test_ItGrantsALicenceOfThisSongForNothing() public {
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(2, LISTENER, address(0), 0);
        sent(OWNER, abi.encodeCall(artist.giveLicence, (2, LISTENER)));
        isGiven(2);
        ok(!artist.hasLicence(LISTENER, 1), "of this song only");
        ok(!artist.hasLicence(OWNER, 2), "nobody else's");
    }

    function test_ARetiredSongMayBeGiven() public {
        retired(3);
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(3, LISTENER, address(0), 0);
        sent(OWNER, abi.encodeCall(artist.giveLicence, (3, LISTENER)));
        isGiven(3);
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        bytes memory s = signed(OWNER_KEY, "GiveLicence", MEMBERS, abi.encode(1, LISTENER));
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(1, LISTENER, address(0), 0);
        sent(ANYONE, abi.encodeCall(artist.giveLicenceWithSignature, (1, LISTENER, 0, deadline, s)));
        isGiven(1);
    }

    function isGiven(uint256 songId) private view {
        ok(artist.hasLicence(LISTENER, songId), "licence");
        holds(LISTENER, PURSE, "nothing paid");
        holds(address(artist), 0, "nothing arrived");
    }
}
