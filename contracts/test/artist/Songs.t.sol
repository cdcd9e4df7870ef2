// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../src/Artist.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {World} from "../support/World.sol";

contract SongsTest is World {
    uint64 private constant HIGHEST = 2 ** 53 - 1;

    Artist private artist;

    function setUp() public {
        deploy();
        artist = registered(OWNER_KEY, "hana");
    }

    function published(uint256 count) private {
        vm.prank(OWNER);
        artist.publish(songs(count));
    }

    function test_PublishedSongsAreNumberedFromOne() public {
        IArtist.SongInput[] memory list = songs(2);
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(address(artist));
            emit IArtist.SongPublished(i + 1, list[i].sha256, list[i].manifestHash, 4_000, 990_000);
        }
        vm.prank(OWNER);
        eq(artist.publish(list), 1, "first");
        vm.prank(OWNER);
        eq(artist.publish(songs(1)), 3, "next");
        eq(artist.songCount(), 3, "count");
        IArtist.Song memory song = artist.song(2);
        same(song.sha256, list[1].sha256, "sha256");
        same(song.manifestHash, list[1].manifestHash, "manifest");
        eq(song.pricePerPlay, 4_000, "price");
        eq(song.licencePrice, 990_000, "licence");
        eq(song.revision, 1, "revision");
        ok(song.active, "active");
    }

    function test_RevertWhen_NothingOrNonsenseIsPublished() public {
        IArtist.SongInput[] memory list = songs(2);
        asOwner(abi.encodeCall(artist.publish, (songs(0))), abi.encodeWithSelector(IArtist.NoSongs.selector));
        list[1].sha256 = 0;
        asOwner(abi.encodeCall(artist.publish, (list)), abi.encodeWithSelector(IArtist.HashMissing.selector));
        list = songs(2);
        list[0].manifestHash = 0;
        asOwner(abi.encodeCall(artist.publish, (list)), abi.encodeWithSelector(IArtist.HashMissing.selector));
        list = songs(2);
        list[1].pricePerPlay = HIGHEST + 1;
        asOwner(abi.encodeCall(artist.publish, (list)), tooHigh());
        list = songs(2);
        list[0].licencePrice = HIGHEST + 1;
        asOwner(abi.encodeCall(artist.publish, (list)), tooHigh());
        eq(artist.songCount(), 0, "none published");
        list[0].licencePrice = HIGHEST;
        vm.prank(OWNER);
        artist.publish(list);
    }

    function test_SetPriceChangesBothPrices() public {
        published(2);
        vm.expectEmit(address(artist));
        emit IArtist.SongPriced(2, 0, HIGHEST);
        vm.prank(OWNER);
        artist.setPrice(2, 0, HIGHEST);
        eq(artist.song(2).pricePerPlay, 0, "free");
        eq(artist.song(2).licencePrice, HIGHEST, "licence");
        eq(artist.song(1).pricePerPlay, 4_000, "the other song's stays");
    }

    function test_ReviseKeepsTheMaster_AlsoOfARetiredSong() public {
        published(1);
        vm.expectEmit(address(artist));
        emit IArtist.SongRevised(1, "next", 2);
        vm.prank(OWNER);
        artist.revise(1, "next");
        same(artist.song(1).manifestHash, "next", "manifest");
        same(artist.song(1).sha256, songs(1)[0].sha256, "master");
        vm.startPrank(OWNER);
        artist.retire(1);
        artist.revise(1, "last");
        vm.stopPrank();
        eq(artist.song(1).revision, 3, "revision");
        ok(!artist.song(1).active, "still retired");
    }

    function test_RetireIsForGood() public {
        published(1);
        vm.expectEmit(address(artist));
        emit IArtist.SongRetired(1);
        vm.prank(OWNER);
        artist.retire(1);
        bytes memory refusal = abi.encodeWithSelector(IArtist.SongNotActive.selector, 1);
        asOwner(abi.encodeCall(artist.retire, (1)), refusal);
        asOwner(abi.encodeCall(artist.setPrice, (1, 1, 1)), refusal);
    }

    function test_RevertWhen_SongIsUnknown() public {
        published(1);
        for (uint256 id; id < 3; id += 2) {
            bytes memory refusal = abi.encodeWithSelector(IArtist.UnknownSong.selector, id);
            asOwner(abi.encodeCall(artist.retire, (id)), refusal);
            asOwner(abi.encodeCall(artist.setPrice, (id, 1, 1)), refusal);
            asOwner(abi.encodeCall(artist.revise, (id, "x")), refusal);
            asOwner(abi.encodeCall(artist.giveLicence, (id, LISTENER)), refusal);
            asOwner(abi.encodeCall(artist.buy, (id, 1)), refusal);
            asOwner(abi.encodeCall(artist.song, (id)), refusal);
        }
    }

    function test_RevertWhen_NewValuesAreNonsense() public {
        published(1);
        asOwner(abi.encodeCall(artist.setPrice, (1, HIGHEST + 1, 1)), tooHigh());
        asOwner(abi.encodeCall(artist.setPrice, (1, 1, HIGHEST + 1)), tooHigh());
        asOwner(abi.encodeCall(artist.revise, (1, 0)), abi.encodeWithSelector(IArtist.HashMissing.selector));
    }

    function test_RevertWhen_CallerIsNotTheOwner() public {
        published(1);
        IArtist.Payee[] memory nobody = new IArtist.Payee[](0);
        bytes[7] memory calls = [
            abi.encodeCall(artist.publish, (songs(1))),
            abi.encodeCall(artist.setPrice, (1, 1, 1)),
            abi.encodeCall(artist.retire, (1)),
            abi.encodeCall(artist.revise, (1, "x")),
            abi.encodeCall(artist.giveLicence, (1, STRANGER)),
            abi.encodeCall(artist.setSplits, (nobody)),
            abi.encodeCall(artist.transferOwnership, (STRANGER))
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(STRANGER);
            refused(address(artist), calls[i], abi.encodeWithSelector(IArtist.NotOwner.selector, STRANGER), "stranger");
        }
        vm.prank(STRANGER);
        refused(
            address(artist),
            abi.encodeCall(artist.acceptOwnership, ()),
            abi.encodeWithSelector(IArtist.NotPendingOwner.selector, STRANGER),
            "stranger"
        );
    }

    function asOwner(bytes memory input, bytes memory refusal) private {
        vm.prank(OWNER);
        refused(address(artist), input, refusal, "refused");
    }

    function tooHigh() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.PriceTooHigh.selector, HIGHEST + 1, HIGHEST);
    }
}
