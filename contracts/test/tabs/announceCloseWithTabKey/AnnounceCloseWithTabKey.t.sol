// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {OneTab} from "../../support/OneTab.sol";

contract AnnounceCloseWithTabKeyTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
    }

    function close(uint256 key, bytes32 tab) private view returns (bytes32 r, bytes32 s) {
        return signP256(key, sha256(abi.encodePacked(tagOf("Ovation close 1"), tab)));
    }

    function closing(bytes32 r, bytes32 s) private view returns (bytes memory) {
        return abi.encodeCall(tabs.announceCloseWithTabKey, (k, r, s));
    }

    function test_RevertWhen_TheSignatureDoesNotFit() public {
        bytes32 digest = sha256(abi.encodePacked(tagOf("Ovation close 1"), id));
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadTabKeySignature.selector, id, digest);
        (bytes32 r, bytes32 s) = close(TAB_KEY, id);
        refuses(closing(r, bytes32(N - uint256(s))), refusal, "high s");
        (r, s) = close(TAB_KEY + 1, id);
        refuses(closing(r, s), refusal, "another key");
        (r, s) = close(TAB_KEY, "other");
        refuses(closing(r, s), refusal, "another tab");
        refuses(closing(0, 0), refusal, "zeros");
    }

    /// Each message of a tab key, with each tag, offered as each other kind.
    function test_RevertWhen_ATabKeysMessageIsUsedAsAnother() public {
        bytes32[4] memory tags =
            [tagOf("Ovation statement 1"), tagOf("Ovation close 1"), tagOf("Ovation authorise 1"), tabsDomain()];
        for (uint256 i; i < 4; ++i) {
            offer(sha256(abi.encodePacked(tags[i], id, sha256(entry(1, 5)), ROOT)), i == 0, false);
            offer(sha256(abi.encodePacked(tags[i], id)), false, i == 1);
            offer(sha256(abi.encodePacked(tags[i], id, uint32(1), uint64(5), uint64(1))), false, false);
        }
    }

    function offer(bytes32 digest, bool isStatement, bool isClose) private {
        (bytes32 r, bytes32 s) = signP256(TAB_KEY, digest);
        ITabs.Item memory item = ITabs.Item(k, r, s, ROOT, "", entry(1, 5));
        bytes memory input = abi.encodeCall(tabs.settle, (item, countersigned(item)));
        bytes memory refusal =
            abi.encodeWithSelector(ITabs.BadTabKeySignature.selector, id, tabs.statementDigest(id, item.list, ROOT));
        uint256 clean = vm.snapshotState();
        if (isStatement) done(address(tabs), input);
        else refused(address(tabs), input, refusal, "as a statement");
        input = abi.encodeCall(tabs.announceCloseWithTabKey, (k, r, s));
        refusal = abi.encodeWithSelector(ITabs.BadTabKeySignature.selector, id, tabs.closeDigest(id));
        if (isClose) done(address(tabs), input);
        else refused(address(tabs), input, refusal, "as a close");
        vm.revertToState(clean);
    }

    function test_RevertGiven_TheTabIsNotOpen() public {
        (bytes32 r, bytes32 s) = close(TAB_KEY, id);
        announce();
        refuses(closing(r, s), notOpen(k, ITabs.TabState.Closing), "announced before");
    }

    function test_TheTabKeysSignatureCloses() public {
        same(tabs.closeDigest(id), sha256(abi.encodePacked(tagOf("Ovation close 1"), id)), "digest as PROTOCOL says");
        (bytes32 r, bytes32 s) = close(TAB_KEY, id);
        vm.expectEmit(address(tabs));
        emit ITabs.CloseAnnounced(id, uint40(START) + CHALLENGE);
        vm.prank(ANYONE);
        eq(done(address(tabs), closing(r, s)).length, 0, "nothing is returned");
        isTab(UNITS, 0, START + CHALLENGE, ITabs.TabState.Closing, 0);
        onlyThatMoved();
    }
}
