// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract SetPriceTest is ArtistWorld {
    string private constant MEMBERS = "uint256 songId,uint64 pricePerPlay,uint64 licencePrice,";

    function test_RevertWhen_TheCallerIsNotTheOwner() public {
        refusedTo(STRANGER, abi.encodeCall(artist.setPrice, (1, 1, 1)), notOwner(STRANGER), "a stranger");
    }

    function test_RevertWhen_AnotherPriceWasSigned() public {
        bytes memory s = signed(OWNER_KEY, "SetPrice", MEMBERS, abi.encode(1, 5_000, 6_000));
        bytes memory input = abi.encodeCall(artist.setPriceWithSignature, (1, 6_000, 5_000, 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "the prices swapped");
    }

    function test_RevertWhen_TheSongIsUnknown() public {
        refusedTo(OWNER, abi.encodeCall(artist.setPrice, (0, 1, 1)), unknown(0), "zero");
        refusedTo(OWNER, abi.encodeCall(artist.setPrice, (SONGS + 1, 1, 1)), unknown(SONGS + 1), "not yet");
    }

    function test_RevertGiven_TheSongIsRetired() public {
        retired(1);
        bytes memory refusal = abi.encodeWithSelector(IArtist.SongNotActive.selector, 1);
        refusedTo(OWNER, abi.encodeCall(artist.setPrice, (1, 1, 1)), refusal, "retired");
    }

    function test_RevertWhen_APriceIsTooHigh() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.PriceTooHigh.selector, HIGHEST + 1, HIGHEST);
        refusedTo(OWNER, abi.encodeCall(artist.setPrice, (1, HIGHEST + 1, 1)), refusal, "of a play");
        refusedTo(OWNER, abi.encodeCall(artist.setPrice, (1, 1, HIGHEST + 1)), refusal, "of a licence");
    }

    function test_ItChangesBothPrices() public {
        vm.expectEmit(address(artist));
        emit IArtist.SongPriced(2, 0, HIGHEST);
        sent(OWNER, abi.encodeCall(artist.setPrice, (2, 0, HIGHEST)));
        isPriced(2, 0, HIGHEST);
        isPriced(1, 4_000, uint64(PRICE));
        same(artist.song(2).manifestHash, songs(2)[1].manifestHash, "the rest stays");
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        bytes memory s = signed(OWNER_KEY, "SetPrice", MEMBERS, abi.encode(1, 5_000, 6_000));
        vm.expectEmit(address(artist));
        emit IArtist.SongPriced(1, 5_000, 6_000);
        sent(ANYONE, abi.encodeCall(artist.setPriceWithSignature, (1, 5_000, 6_000, 0, deadline, s)));
        isPriced(1, 5_000, 6_000);
    }

    function isPriced(uint256 songId, uint64 pricePerPlay, uint64 licencePrice) private view {
        eq(artist.song(songId).pricePerPlay, pricePerPlay, "a play");
        eq(artist.song(songId).licencePrice, licencePrice, "a licence");
    }
}
