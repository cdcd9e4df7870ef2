// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITabs} from "../../src/interfaces/ITabs.sol";
import {FreezingDollar} from "../support/Tokens.sol";
import {Wallet} from "../support/Wallet.sol";
import {World} from "../support/World.sol";

contract CloseTest is World {
    uint64 private constant UNITS = 5_000_000;

    ITabs.TabKey private k;
    bytes32 private id;

    function setUp() public {
        deploy();
        registered(OWNER_KEY, "hana");
        k = opened(0, "", UNITS);
        id = tabIdOf(k);
    }

    function closing(uint256 key, bytes32 tab, uint256 deadline) private view returns (bytes memory) {
        bytes32 message =
            keccak256(abi.encode(keccak256("AnnounceClose(bytes32 tabId,uint256 deadline)"), tab, deadline));
        return sign(key, typed(domainOf("Ovation Tabs", address(tabs)), message));
    }

    function settle(bytes memory prev, bytes memory list) private {
        ITabs.Item memory item = signedItem(k, TAB_KEY, prev, list);
        tabs.settle(item, countersigned(item));
    }

    function isClosing() private view {
        ITabs.Tab memory t = tabs.tab(id);
        ok(t.state == ITabs.TabState.Closing, "closing");
        eq(t.closesAt, block.timestamp + CHALLENGE, "closesAt");
    }

    function test_TheListenerCloses_AndGetsWhatWasNotSettled() public {
        settle("", entry(1, 1_000));
        vm.expectEmit(address(tabs));
        emit ITabs.CloseAnnounced(id, uint40(START) + CHALLENGE);
        vm.prank(LISTENER);
        tabs.announceClose(k);
        isClosing();
        refused(
            address(tabs),
            abi.encodeCall(tabs.finishClose, (k)),
            abi.encodeWithSelector(ITabs.ChallengeRunning.selector, id, START + CHALLENGE),
            "at once"
        );
        settle(entry(1, 1_000), entry(1, 1_500)); // artists answer within the challenge
        vm.warp(START + CHALLENGE);
        vm.expectEmit(address(tabs));
        emit ITabs.TabClosed(id, UNITS - 1_500);
        vm.prank(ANYONE);
        tabs.finishClose(k);
        eq(dollar.balanceOf(LISTENER), UNITS - 1_500, "refund");
        eq(dollar.balanceOf(address(tabs)), 1_500, "what artists are owed");
        ITabs.Tab memory t = tabs.tab(id);
        ok(t.state == ITabs.TabState.Closed, "closed");
        eq(t.deposit, UNITS, "kept for the record");
    }

    function test_RevertGiven_AlreadyRefunded() public {
        vm.prank(LISTENER);
        tabs.announceClose(k);
        vm.warp(START + CHALLENGE);
        tabs.finishClose(k);
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, id, ITabs.TabState.Closed);
        refused(address(tabs), abi.encodeCall(tabs.finishClose, (k)), refusal, "twice");
        vm.prank(LISTENER);
        refused(address(tabs), abi.encodeCall(tabs.announceClose, (k)), refusal, "again");
        eq(dollar.balanceOf(LISTENER), UNITS, "once");
    }

    function test_ATabSpentToTheLastUnitClosesWithoutARefund() public {
        settle("", entry(1, UNITS));
        vm.prank(LISTENER);
        tabs.announceClose(k);
        vm.warp(START + CHALLENGE);
        tabs.finishClose(k);
        eq(dollar.balanceOf(LISTENER), 0, "nothing left");
    }

    function test_TheListenersSignatureCloses() public {
        vm.prank(ANYONE);
        tabs.announceCloseWithSignature(k, START, closing(LISTENER_KEY, id, START));
        isClosing();
    }

    function test_AContractListenerSignsByEip1271() public {
        Wallet wallet = new Wallet(LISTENER);
        k = tabKey(address(wallet), TAB_KEY, 0, "");
        id = tabIdOf(k);
        fund(address(wallet), UNITS);
        vm.startPrank(address(wallet));
        dollar.approve(address(tabs), UNITS);
        tabs.open(k, UNITS);
        vm.stopPrank();
        refused(
            address(tabs),
            abi.encodeCall(tabs.announceCloseWithSignature, (k, START, closing(STRANGER_KEY, id, START))),
            abi.encodeWithSelector(ITabs.BadListenerSignature.selector, address(wallet)),
            "a stranger's"
        );
        tabs.announceCloseWithSignature(k, START, closing(LISTENER_KEY, id, START));
        isClosing();
    }

    function test_TheTabKeysSignatureCloses() public {
        same(tabs.closeDigest(id), sha256(abi.encodePacked(tagOf("Ovation close 1"), id)), "digest as PROTOCOL says");
        (bytes32 r, bytes32 s) = signP256(TAB_KEY, sha256(abi.encodePacked(tagOf("Ovation close 1"), id)));
        vm.prank(ANYONE);
        tabs.announceCloseWithTabKey(k, r, s);
        isClosing();
    }

    function test_RevertWhen_SomebodyElseCloses() public {
        vm.prank(STRANGER);
        refused(
            address(tabs),
            abi.encodeCall(tabs.announceClose, (k)),
            abi.encodeWithSelector(ITabs.NotListener.selector, STRANGER, LISTENER),
            "a stranger"
        );
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadListenerSignature.selector, LISTENER);
        bytes memory input =
            abi.encodeCall(tabs.announceCloseWithSignature, (k, START, closing(STRANGER_KEY, id, START)));
        refused(address(tabs), input, refusal, "a stranger's signature");
        input = abi.encodeCall(tabs.announceCloseWithSignature, (k, START, closing(LISTENER_KEY, "other", START)));
        refused(address(tabs), input, refusal, "for another tab");
        input = abi.encodeCall(tabs.announceCloseWithSignature, (k, START + 1, closing(LISTENER_KEY, id, START)));
        refused(address(tabs), input, refusal, "another deadline");
        input = abi.encodeCall(tabs.announceCloseWithSignature, (k, START - 1, closing(LISTENER_KEY, id, START - 1)));
        refused(
            address(tabs), input, abi.encodeWithSelector(ITabs.DeadlinePassed.selector, START - 1, START), "too late"
        );
        (bytes32 r, bytes32 s) = signP256(TAB_KEY, sha256(abi.encodePacked(tagOf("Ovation close 1"), id)));
        refusal = abi.encodeWithSelector(ITabs.BadTabKeySignature.selector, id, tabs.closeDigest(id));
        input = abi.encodeCall(tabs.announceCloseWithTabKey, (k, r, bytes32(N - uint256(s))));
        refused(address(tabs), input, refusal, "high s");
    }

    function test_RevertGiven_NothingToClose() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, id, ITabs.TabState.Open);
        refused(address(tabs), abi.encodeCall(tabs.finishClose, (k)), refusal, "not announced");
        vm.startPrank(LISTENER);
        tabs.announceClose(k);
        vm.stopPrank();
        refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, id, ITabs.TabState.Closing);
        vm.prank(LISTENER);
        refused(address(tabs), abi.encodeCall(tabs.announceClose, (k)), refusal, "announced before");
        k.salt = "none";
        refusal = abi.encodeWithSelector(ITabs.TabNotOpen.selector, tabIdOf(k), ITabs.TabState.None);
        vm.prank(LISTENER);
        refused(address(tabs), abi.encodeCall(tabs.announceClose, (k)), refusal, "unknown");
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

    function test_AFrozenListenerWaits_ArtistsDoNot() public {
        FreezingDollar freezing = new FreezingDollar();
        deployOn(freezing);
        address artist = address(registered(OWNER_KEY, "hana"));
        k = opened(0, "", UNITS);
        id = tabIdOf(k);
        vm.prank(LISTENER);
        tabs.announceClose(k);
        freezing.setFrozen(LISTENER, true);
        vm.warp(START + CHALLENGE);
        refused(
            address(tabs),
            abi.encodeCall(tabs.finishClose, (k)),
            abi.encodeWithSelector(FreezingDollar.Frozen.selector, LISTENER),
            "frozen"
        );
        settle("", entry(1, 100));
        tabs.payOut(ids(1));
        eq(dollar.balanceOf(artist), 100, "the artist is paid");
        freezing.setFrozen(LISTENER, false);
        tabs.finishClose(k);
        eq(dollar.balanceOf(LISTENER), UNITS - 100, "later");
    }
}
