// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract ReviseTest is ArtistWorld {
    string private constant MEMBERS = "uint256 songId,bytes32 manifestHash,";

    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        refusedTo(STRANGER, abi.encodeCall(artist.revise, (1, "next")), notOwner(STRANGER), "a stranger");
    }

    function test_RevertWhen_AnotherManifestWasSigned() public {
        bytes memory s = signed(OWNER_KEY, "Revise", MEMBERS, abi.encode(1, bytes32("next")));
        bytes memory input = abi.encodeCall(artist.reviseWithSignature, (1, "other", 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "another manifest");
    }

    function test_RevertWhen_TheSongIsUnknown() public {
        refusedTo(OWNER, abi.encodeCall(artist.revise, (0, "next")), unknown(0), "zero");
        refusedTo(OWNER, abi.encodeCall(artist.revise, (SONGS + 1, "next")), unknown(SONGS + 1), "not yet");
    }

    function test_RevertWhen_TheHashIsMissing() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.HashMissing.selector);
        refusedTo(OWNER, abi.encodeCall(artist.revise, (1, 0)), refusal, "zero");
    }

    function test_ItNamesANewManifestOfTheSameMaster() public {
        vm.expectEmit(address(artist));
        emit IArtist.SongRevised(1, "next", 2);
        sent(OWNER, abi.encodeCall(artist.revise, (1, "next")));
        isRevised("next", 2);
        ok(artist.song(1).active, "still active");
    }

    function test_ARetiredSongIsRevisedForItsLicensees() public {
        retired(1);
        vm.expectEmit(address(artist));
        emit IArtist.SongRevised(1, "last", 2);
        sent(OWNER, abi.encodeCall(artist.revise, (1, "last")));
        isRevised("last", 2);
        ok(!artist.song(1).active, "still retired");
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        bytes memory s = signed(OWNER_KEY, "Revise", MEMBERS, abi.encode(1, bytes32("next")));
        vm.expectEmit(address(artist));
        emit IArtist.SongRevised(1, "next", 2);
        sent(ANYONE, abi.encodeCall(artist.reviseWithSignature, (1, "next", 0, deadline, s)));
        isRevised("next", 2);
    }

    function isRevised(bytes32 manifest, uint32 revision) private view {
        IArtist.Song memory s = artist.song(1);
        same(s.manifestHash, manifest, "manifest");
        eq(s.revision, revision, "revision");
        same(s.sha256, songs(1)[0].sha256, "the master stays");
        eq(s.licencePrice, PRICE, "the price stays");
    }
}
