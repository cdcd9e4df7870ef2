// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {World} from "../../support/World.sol";

/// Settled statements against a plain model: an array with the largest amount per artist.
contract MergeTest is World {
    uint256 private constant ARTISTS = 12;
    uint64 private constant UNITS = 1_000_000_000;

    uint256[ARTISTS + 1] private best;

    function setUp() public {
        deploy();
        for (uint256 i; i < ARTISTS; ++i) {
            registered(0x1000 + i, bytes32(abi.encodePacked("artist", bytes1(uint8(0x61 + i)))));
        }
    }

    /// Any set of artists, any amounts: forks, stale and partial lists included.
    function randomList(uint256 seed, uint256 i, uint256 feeBps) private pure returns (bytes memory list) {
        uint256 mask = uint256(keccak256(abi.encode(seed, i, "mask")));
        for (uint256 a = 1; a <= ARTISTS; ++a) {
            if (mask >> a & 1 == 0) continue;
            list = bytes.concat(list, entry(a, 1 + uint256(keccak256(abi.encode(seed, i, a))) % 1_000_000));
        }
        return withFee(list.length == 0 ? entry(1, 1) : list, feeBps);
    }

    function settle(ITabs.TabKey memory k, bytes memory prev, bytes memory list) private returns (uint64) {
        ITabs.Item memory item = signedItem(k, TAB_KEY, prev, list);
        return tabs.settle(item, countersigned(item));
    }

    /// Puts a list into the model; returns what it adds.
    function learn(bytes memory list) private returns (uint256 growth) {
        for (uint256 i; i < list.length; i += 10) {
            (uint256 a, uint256 units) = (idAt(list, i), unitsAt(list, i));
            if (units <= best[a]) continue;
            growth += units - best[a];
            best[a] = units;
        }
    }

    function model() private view returns (bytes memory list) {
        for (uint256 a; a <= ARTISTS; ++a) {
            if (best[a] != 0) list = bytes.concat(list, entry(a, best[a]));
        }
    }

    function testFuzz_SettlingIsThePerArtistMaximum(uint256 seed, uint8 count, uint16 feeBps) public {
        feeBps %= 1_001;
        ITabs.TabKey memory k = opened(feeBps, "", UNITS);
        uint256 total;
        for (uint256 i; i < 1 + count % 6; ++i) {
            bytes memory prev = model();
            bytes memory list = randomList(seed, i, feeBps);
            uint256 growth = learn(list);
            total += growth;
            eq(settle(k, prev, list), growth, "growth");
            same(tabs.tab(tabIdOf(k)).settledHash, sha256(model()), "merged");
            eq(tabs.tab(tabIdOf(k)).settled, total, "settled");
            eq(settle(k, model(), list), 0, "a replay");
        }
        for (uint256 a; a <= ARTISTS; ++a) {
            eq(tabs.credit(uint32(a)), best[a], "credit");
        }
    }

    function testFuzz_TheOrderOfStatementsDoesNotMatter(uint256 seed, uint8 shuffle) public {
        bytes32[2] memory hashes;
        for (uint256 tab; tab < 2; ++tab) {
            delete best;
            ITabs.TabKey memory k = opened(250, bytes32(tab + 1), UNITS);
            for (uint256 i; i < 3; ++i) {
                uint256 which = tab == 0 ? i : (uint256(shuffle) + i * (1 + shuffle % 2)) % 3; // rotations, both ways round
                bytes memory prev = model();
                bytes memory list = randomList(seed, which, 250);
                learn(list);
                settle(k, prev, list);
            }
            hashes[tab] = tabs.tab(tabIdOf(k)).settledHash;
        }
        same(hashes[0], hashes[1], "same end");
        for (uint256 a; a <= ARTISTS; ++a) {
            eq(tabs.credit(uint32(a)), 2 * best[a], "same credits");
        }
    }

    /// The only fault of these lists is what they leave out: nothing in them fell.
    function test_WhatAListLeavesOutStays() public {
        for (uint256 left = 1; left <= 3; ++left) {
            delete best;
            ITabs.TabKey memory k = opened(0, bytes32(left), UNITS);
            bytes memory first = entries(1, 3, 5);
            learn(first);
            settle(k, "", first);
            bytes memory list;
            for (uint256 a = 1; a <= 3; ++a) {
                if (a != left) list = bytes.concat(list, entry(a, 6));
            }
            learn(list);
            eq(settle(k, first, list), 2, "a unit for each that is there");
            same(tabs.tab(tabIdOf(k)).settledHash, sha256(model()), "and what is not there, as it was");
        }
    }

    /// Later settlements must bring the merged list along: it may not outgrow what settles in one transaction.
    function test_RevertWhen_AForkGrowsBeyond500Entries() public {
        for (uint256 i = ARTISTS; i < 501; ++i) {
            registered(0x1000 + i, bytes32(abi.encodePacked("more_", decimal(i))));
        }
        ITabs.TabKey memory k = opened(0, "", UNITS);
        bytes memory first = entries(1, 250, 3);
        settle(k, "", first);
        ITabs.Item memory item = signedItem(k, TAB_KEY, first, entries(251, 251, 3));
        refused(
            address(tabs),
            abi.encodeCall(tabs.settle, (item, countersigned(item))),
            abi.encodeWithSelector(ITabs.TooManyEntries.selector, 501, 500),
            "501 together"
        );
        settle(k, first, entries(251, 250, 3));
        eq(tabs.tab(tabIdOf(k)).settled, 1_500, "500 together");
    }

    function decimal(uint256 i) private pure returns (bytes memory) {
        return abi.encodePacked(
            bytes1(uint8(0x30 + i / 100)), bytes1(uint8(0x30 + i / 10 % 10)), bytes1(uint8(0x30 + i % 10))
        );
    }
}
