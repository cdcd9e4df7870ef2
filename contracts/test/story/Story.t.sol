// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../src/Artist.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {ITabs} from "../../src/interfaces/ITabs.sol";
import {World} from "../support/World.sol";

/// From registration to money in the artist's hands, without a transaction by the artist or the listener.
contract StoryTest is World {
    function setUp() public {
        deploy();
    }

    function test_PlaysBecomeMoneyInTheArtistsHands() public {
        Artist artist = registered(OWNER_KEY, "hana");
        eq(artist.owner(), OWNER, "owner");
        eq(registry.artistOf(1), address(artist), "id 1");

        uint256 deadline = block.timestamp + 1 hours;
        IArtist.SongInput[] memory list = songs(3);
        artist.publishWithSignature(list, 0, deadline, publication(artist, OWNER_KEY, list, 0, deadline));
        same(artist.song(3).sha256, list[2].sha256, "on chain");

        ITabs.TabKey memory k = opened(500, "", 5_000_000);
        ITabs.Item memory item = signedItem(k, TAB_KEY, "", withFee(entry(1, 8_000), 500));
        vm.prank(ANYONE);
        eq(tabs.settle(item, countersigned(item)), 8_400, "delta");
        uint32[] memory everybody = new uint32[](2);
        everybody[1] = 1;
        tabs.payOut(everybody);
        eq(dollar.balanceOf(TREASURY), 400, "fee");

        bytes memory signature = signedFor(
            artist,
            OWNER_KEY,
            string.concat("Withdraw(address payee,address to,uint256 amount,", TAIL),
            abi.encode(OWNER, address(0xCAFE), 8_000),
            1,
            deadline
        );
        artist.withdrawWithSignature(OWNER, address(0xCAFE), 8_000, 1, deadline, signature);
        eq(dollar.balanceOf(address(0xCAFE)), 8_000, "in hand");

        (bytes32 r, bytes32 s) = signP256(TAB_KEY, sha256(abi.encodePacked(tagOf("Ovation close 1"), tabIdOf(k))));
        tabs.announceCloseWithTabKey(k, r, s);
        vm.warp(block.timestamp + CHALLENGE);
        tabs.finishClose(k);
        eq(dollar.balanceOf(LISTENER), 5_000_000 - 8_400, "refund");
        eq(dollar.balanceOf(address(tabs)), 0, "nothing stays");
    }
}
