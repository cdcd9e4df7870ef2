// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract ArtistViewsTest is ArtistWorld {
    function test_RevertWhen_TheSongIsUnknown() public {
        refusedTo(ANYONE, abi.encodeCall(artist.song, (0)), unknown(0), "zero");
        refusedTo(ANYONE, abi.encodeCall(artist.song, (SONGS + 1)), unknown(SONGS + 1), "not yet");
    }

    function test_APageHoldsTheSongsThereAre() public view {
        same(hashOf(artist.songs(1, 2)), hashOf(listed(1, 2)), "the first two");
        same(hashOf(artist.songs(2, 2)), hashOf(listed(2, 3)), "the next two");
        same(hashOf(artist.songs(3, 10)), hashOf(listed(3, 3)), "clipped at the last");
        same(hashOf(artist.songs(1, type(uint256).max)), hashOf(listed(1, 3)), "all");
    }

    function test_APageIsEmptyWhereThereAreNoSongs() public view {
        eq(artist.songs(0, 10).length, 0, "ids begin at 1");
        eq(artist.songs(SONGS + 1, 10).length, 0, "past the last");
        eq(artist.songs(type(uint256).max, type(uint256).max).length, 0, "far past the last");
        eq(artist.songs(1, 0).length, 0, "none wanted");
    }

    function testFuzz_PagesNeitherRevertNorInvent(uint256 first, uint256 count) public view {
        if (first % 3 == 0) first %= SONGS + 2;
        IArtist.Song[] memory page = artist.songs(first, count);
        uint256 there = first == 0 || first > SONGS ? 0 : SONGS - first + 1;
        eq(page.length, count < there ? count : there, "as many as there are");
        for (uint256 i; i < page.length; ++i) {
            same(keccak256(abi.encode(page[i])), keccak256(abi.encode(artist.song(first + i))), "the song itself");
        }
    }

    function test_SharesListThePayeesWithWhatTheyCanTakeOut() public {
        earn(100);
        IArtist.Share[] memory list = artist.shares();
        eq(list.length, 1, "the owner alone");
        isShare(list[0], OWNER, 10_000, 100);
        inForce(pair(ANNA, 7_500, OWNER, 2_500));
        earn(1_000);
        list = artist.shares();
        eq(list.length, 2, "two");
        isShare(list[0], ANNA, 7_500, 750);
        isShare(list[1], OWNER, 2_500, 350);
    }

    function test_WithoutSplitsTheOwnerGetsEverything() public {
        earn(1_001);
        eq(artist.payees().length, 1, "one payee");
        eq(artist.payees()[0].account, OWNER, "the owner");
        eq(artist.payees()[0].bps, 10_000, "the whole");
        eq(artist.withdrawable(OWNER), 1_001, "everything");
        eq(artist.withdrawable(ANNA), 0, "nobody else");
    }

    function test_WithdrawableSaysWhatAWithdrawalWouldFind() public {
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        announce(pair(ANNA, 1, CARA, 9_999));
        earn(10_001);
        vm.warp(block.timestamp + SPLIT_DELAY); // due and not applied: half of a unit each is left over
        address[3] memory who = [ANNA, BEN, CARA];
        uint256[3] memory before;
        for (uint256 i; i < 3; ++i) {
            before[i] = artist.withdrawable(who[i]);
        }
        artist.applySplits();
        for (uint256 i; i < 3; ++i) {
            eq(artist.withdrawable(who[i]), before[i], "the same after as before");
        }
        eq(before[0] + before[1] + before[2], 10_000, "and less than a unit a payee is nobody's");
    }

    function test_ThePurchaseNonceAndDomainAreTheProtocols() public view {
        bytes32 domain = domainOf("Ovation Artist", address(artist));
        same(artist.domainSeparator(), domain, "domain");
        same(
            artist.purchaseNonce(2, LISTENER, PRICE),
            keccak256(abi.encode(domain, 2, LISTENER, PRICE)),
            "nonce of a purchase"
        );
    }

    function test_TheTillIsTheAddressOfSongQuoteAndIssuer() public view {
        address till = artist.till(1, "quote", PLATFORM);
        eq(till, tillOf(artist, 1, "quote", PLATFORM), "CREATE2");
        ok(till != artist.till(2, "quote", PLATFORM), "another song's is another");
        ok(till != artist.till(1, "other", PLATFORM), "another quote's is another");
        ok(till != artist.till(1, "quote", STRANGER), "another issuer's is another");
    }

    function test_ItSaysWhichInterfacesItHas() public view {
        ok(artist.supportsInterface(type(IArtist).interfaceId), "IArtist");
        ok(artist.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        ok(!artist.supportsInterface(0xffffffff), "no such interface");
        ok(!artist.supportsInterface(0x2a55205a), "no ERC-2981: licences do not resell");
    }

    function isShare(IArtist.Share memory s, address account, uint16 bps, uint256 due) private pure {
        eq(s.account, account, "who");
        eq(s.bps, bps, "how much of it");
        eq(s.withdrawable, due, "units");
    }

    function listed(uint256 first, uint256 last) private pure returns (IArtist.Song[] memory list) {
        list = new IArtist.Song[](last - first + 1);
        for (uint256 id = first; id <= last; ++id) {
            IArtist.SongInput memory s = songs(SONGS)[id - 1];
            list[id - first] = IArtist.Song(s.sha256, s.manifestHash, s.pricePerPlay, s.licencePrice, true, 1);
        }
    }

    function hashOf(IArtist.Song[] memory list) private pure returns (bytes32) {
        return keccak256(abi.encode(list));
    }
}
