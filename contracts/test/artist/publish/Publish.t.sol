// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract PublishTest is ArtistWorld {
    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        refusedTo(STRANGER, abi.encodeCall(artist.publish, (songs(1))), notOwner(STRANGER), "a stranger");
        eq(artist.songCount(), SONGS, "none published");
    }

    function test_RevertWhen_AStrangerSigned() public {
        bytes memory s = publication(artist, STRANGER_KEY, songs(1), 0, deadline);
        bytes memory input = abi.encodeCall(artist.publishWithSignature, (songs(1), 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "a stranger's signature");
    }

    function test_RevertWhen_AnotherListWasSigned() public {
        bytes memory s = publication(artist, OWNER_KEY, songs(2), 0, deadline);
        bytes memory input = abi.encodeCall(artist.publishWithSignature, (songs(1), 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "a song was left out");
        IArtist.SongInput[] memory list = songs(2);
        (list[0], list[1]) = (list[1], list[0]);
        input = abi.encodeCall(artist.publishWithSignature, (list, 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "the songs were swapped");
    }

    function test_RevertWhen_ThereAreNoSongs() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.NoSongs.selector);
        refusedTo(OWNER, abi.encodeCall(artist.publish, (songs(0))), refusal, "none");
    }

    function test_RevertWhen_AHashIsMissing() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.HashMissing.selector);
        IArtist.SongInput[] memory list = songs(2);
        list[1].sha256 = 0;
        refusedTo(OWNER, abi.encodeCall(artist.publish, (list)), refusal, "the master's");
        list = songs(2);
        list[1].manifestHash = 0;
        refusedTo(OWNER, abi.encodeCall(artist.publish, (list)), refusal, "the manifest's");
        eq(artist.songCount(), SONGS, "the first was not published either");
    }

    function test_RevertWhen_APriceIsTooHigh() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.PriceTooHigh.selector, HIGHEST + 1, HIGHEST);
        IArtist.SongInput[] memory list = songs(2);
        list[1].pricePerPlay = HIGHEST + 1;
        refusedTo(OWNER, abi.encodeCall(artist.publish, (list)), refusal, "of a play");
        list = songs(2);
        list[1].licencePrice = HIGHEST + 1;
        refusedTo(OWNER, abi.encodeCall(artist.publish, (list)), refusal, "of a licence");
    }

    function test_ItNumbersTheSongsOneAfterTheOther() public {
        IArtist.SongInput[] memory list = songs(2);
        (list[0].pricePerPlay, list[0].licencePrice) = (HIGHEST, HIGHEST);
        (list[1].pricePerPlay, list[1].licencePrice) = (0, 0);
        expectPublished(list);
        eq(abi.decode(sent(OWNER, abi.encodeCall(artist.publish, (list))), (uint256)), SONGS + 1, "the first id");
        isPublished(list);
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        IArtist.SongInput[] memory list = songs(2);
        bytes memory s = publication(artist, OWNER_KEY, list, 0, deadline);
        expectPublished(list);
        bytes memory answer = sent(ANYONE, abi.encodeCall(artist.publishWithSignature, (list, 0, deadline, s)));
        eq(abi.decode(answer, (uint256)), SONGS + 1, "the first id");
        isPublished(list);
        eq(artist.nonce(OWNER, 0), 1, "the nonce is used");
    }

    function expectPublished(IArtist.SongInput[] memory list) private {
        for (uint256 i; i < list.length; ++i) {
            IArtist.SongInput memory s = list[i];
            vm.expectEmit(address(artist));
            emit IArtist.SongPublished(SONGS + 1 + i, s.sha256, s.manifestHash, s.pricePerPlay, s.licencePrice);
        }
    }

    function isPublished(IArtist.SongInput[] memory list) private view {
        eq(artist.songCount(), SONGS + list.length, "count");
        for (uint256 i; i < list.length; ++i) {
            IArtist.Song memory s = artist.song(SONGS + 1 + i);
            same(s.sha256, list[i].sha256, "master");
            same(s.manifestHash, list[i].manifestHash, "manifest");
            eq(s.pricePerPlay, list[i].pricePerPlay, "price of a play");
            eq(s.licencePrice, list[i].licencePrice, "price of a licence");
            eq(s.revision, 1, "revision");
            ok(s.active, "active");
        }
    }
}
