// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract RetireTest is ArtistWorld {
    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        refusedTo(STRANGER, abi.encodeCall(artist.retire, (1)), notOwner(STRANGER), "a stranger");
    }

    function test_RevertWhen_AnotherSongWasSigned() public {
        bytes memory s = signed(OWNER_KEY, "Retire", "uint256 songId,", abi.encode(1));
        bytes memory input = abi.encodeCall(artist.retireWithSignature, (2, 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "another song");
    }

    function test_RevertWhen_TheSongIsUnknown() public {
        refusedTo(OWNER, abi.encodeCall(artist.retire, (0)), unknown(0), "zero");
        refusedTo(OWNER, abi.encodeCall(artist.retire, (SONGS + 1)), unknown(SONGS + 1), "not yet");
    }

    function test_RevertGiven_TheSongIsRetired() public {
        retired(1);
        bytes memory refusal = abi.encodeWithSelector(IArtist.SongNotActive.selector, 1);
        refusedTo(OWNER, abi.encodeCall(artist.retire, (1)), refusal, "for good");
    }

    function test_ItEndsTheSongAndLicencesStay() public {
        vm.prank(OWNER);
        artist.giveLicence(1, LISTENER);
        vm.expectEmit(address(artist));
        emit IArtist.SongRetired(1);
        sent(OWNER, abi.encodeCall(artist.retire, (1)));
        ok(!artist.song(1).active, "retired");
        ok(artist.song(2).active, "the other song stays");
        ok(artist.hasLicence(LISTENER, 1), "what was bought stays playable");
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        bytes memory s = signed(OWNER_KEY, "Retire", "uint256 songId,", abi.encode(1));
        vm.expectEmit(address(artist));
        emit IArtist.SongRetired(1);
        sent(ANYONE, abi.encodeCall(artist.retireWithSignature, (1, 0, deadline, s)));
        ok(!artist.song(1).active, "retired");
    }
}
