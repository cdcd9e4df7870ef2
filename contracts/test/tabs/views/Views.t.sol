// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {OneTab} from "../../support/OneTab.sol";

contract ViewsTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
    }

    function test_CreditsAnswersForEachId() public {
        settle("", bytes.concat(entry(1, 10), entry(3, 30), entry(4, 40)));
        uint32[] memory asked = new uint32[](5);
        (asked[0], asked[1], asked[2], asked[3], asked[4]) = (4, 1, type(uint32).max, 2, 4);
        uint256[] memory units = tabs.credits(asked);
        uint256[5] memory want = [uint256(40), 10, 0, 0, 40];
        eq(units.length, 5, "as many as were asked");
        for (uint256 i; i < 5; ++i) {
            eq(units[i], want[i], "in their order");
        }
    }

    function test_KnowsItsInterfaces() public view {
        ok(tabs.supportsInterface(0x01ffc9a7), "ERC-165");
        ok(tabs.supportsInterface(type(ITabs).interfaceId), "ITabs");
        ok(!tabs.supportsInterface(0xffffffff), "nothing else");
    }

    function testFuzz_DigestsAreWhatPROTOCOLSays(ITabs.TabKey memory key, bytes memory list, bytes32 root) public view {
        same(tabs.tabId(key), tabIdOf(key), "tab");
        same(tabs.statementDigest(id, list, root), statement(id, list, root), "statement");
        same(tabs.closeDigest(root), sha256(abi.encodePacked(tagOf("Ovation close 1"), root)), "close");
        same(tabs.domain(), tabsDomain(), "domain");
    }
}
