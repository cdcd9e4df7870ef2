// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../../src/Artist.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {Wallet} from "../../support/Wallet.sol";
import {World} from "../../support/World.sol";

/// Every kind of message an artist contract takes, tried in every wrong way.
contract SignaturesTest is World {
    uint256 private constant KINDS = 10;
    uint256 private constant HEIR_KEY = 0xE1;
    uint256 private constant WITHDRAW = 8;
    uint256 private constant ACCEPT = 9;

    Artist private artist;
    Artist private other;
    uint256 private deadline;

    function setUp() public {
        deploy();
        artist = prepared(OWNER_KEY, "hana");
        other = prepared(STRANGER_KEY, "ori");
        deadline = block.timestamp + 1 days;
    }

    function prepared(uint256 key, bytes32 handle) private returns (Artist a) {
        a = registered(key, handle);
        vm.startPrank(vm.addr(key));
        a.publish(songs(2));
        a.transferOwnership(vm.addr(HEIR_KEY));
        vm.stopPrank();
        dollar.faucet(address(a), 1_000);
    }

    function payees() private pure returns (IArtist.Payee[] memory list) {
        list = new IArtist.Payee[](2);
        list[0] = IArtist.Payee(address(0xAA1), 7_500);
        list[1] = IArtist.Payee(address(0xAA2), 2_500);
    }

    function payeesHash() private pure returns (bytes32) {
        bytes32 type_ = keccak256("Payee(address account,uint16 bps)");
        return keccak256(
            abi.encodePacked(
                keccak256(abi.encode(type_, address(0xAA1), 7_500)), keccak256(abi.encode(type_, address(0xAA2), 2_500))
            )
        );
    }

    /// The EIP-712 type and the encoded members before nonce, deadline and epoch.
    function message(uint256 kind) private view returns (string memory type_, bytes memory fields) {
        if (kind == 0) {
            return (string.concat("Publish(Song[] songs,", TAIL, SONG_TYPE), abi.encode(songsHash(songs(3))));
        }
        if (kind == 1) {
            return (
                string.concat("SetPrice(uint256 songId,uint64 pricePerPlay,uint64 licencePrice,", TAIL),
                abi.encode(1, 5_000, 1_000_000)
            );
        }
        if (kind == 2) return (string.concat("Retire(uint256 songId,", TAIL), abi.encode(1));
        if (kind == 3) {
            return (string.concat("Revise(uint256 songId,bytes32 manifestHash,", TAIL), abi.encode(1, bytes32("new")));
        }
        if (kind == 4) {
            return (string.concat("GiveLicence(uint256 songId,address to,", TAIL), abi.encode(1, LISTENER));
        }
        if (kind == 5) {
            return (
                string.concat("SetSplits(Payee[] payees,", TAIL, "Payee(address account,uint16 bps)"),
                abi.encode(payeesHash())
            );
        }
        if (kind == 6) return (string.concat("TransferOwnership(address to,", TAIL), abi.encode(LISTENER));
        if (kind == 7) return (string.concat("Cancel(uint192 key,", TAIL), abi.encode(3));
        if (kind == WITHDRAW) {
            return (
                string.concat("Withdraw(address payee,address to,uint256 amount,", TAIL),
                abi.encode(OWNER, address(0xCAFE), 600)
            );
        }
        return (string.concat("AcceptOwnership(", TAIL), "");
    }

    function input(uint256 kind, uint256 nonce, uint256 until, bytes memory s) private view returns (bytes memory) {
        if (kind == 0) return abi.encodeCall(artist.publishWithSignature, (songs(3), nonce, until, s));
        if (kind == 1) return abi.encodeCall(artist.setPriceWithSignature, (1, 5_000, 1_000_000, nonce, until, s));
        if (kind == 2) return abi.encodeCall(artist.retireWithSignature, (1, nonce, until, s));
        if (kind == 3) return abi.encodeCall(artist.reviseWithSignature, (1, "new", nonce, until, s));
        if (kind == 4) return abi.encodeCall(artist.giveLicenceWithSignature, (1, LISTENER, nonce, until, s));
        if (kind == 5) return abi.encodeCall(artist.setSplitsWithSignature, (payees(), nonce, until, s));
        if (kind == 6) return abi.encodeCall(artist.transferOwnershipWithSignature, (LISTENER, nonce, until, s));
        if (kind == 7) return abi.encodeCall(artist.cancelWithSignature, (3, nonce, until, s));
        if (kind == WITHDRAW) {
            return abi.encodeCall(artist.withdrawWithSignature, (OWNER, address(0xCAFE), 600, nonce, until, s));
        }
        return abi.encodeCall(artist.acceptOwnershipWithSignature, (nonce, until, s));
    }

    function ordered(uint256 kind) private pure returns (bool) {
        return kind == 1 || kind == 5 || kind == 6 || kind == ACCEPT;
    }

    function signerOf(uint256 kind) private pure returns (uint256 key) {
        return kind == ACCEPT ? HEIR_KEY : OWNER_KEY;
    }

    function signature(Artist for_, uint256 kind, uint256 nonce, uint256 until) private view returns (bytes memory) {
        (string memory type_, bytes memory fields) = message(kind);
        return signedFor(for_, signerOf(kind), type_, fields, nonce, until);
    }

    function badSignature(uint256 kind) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.BadSignature.selector, vm.addr(signerOf(kind)));
    }

    function test_EachKindIsDoneOnceForWhoeverSendsIt() public {
        for (uint256 kind; kind < KINDS; ++kind) {
            uint256 clean = vm.snapshotState();
            bytes memory call_ = input(kind, 0, deadline, signature(artist, kind, 0, deadline));
            address signer = vm.addr(signerOf(kind));
            vm.prank(ANYONE);
            done(address(artist), call_);
            effect(kind);
            eq(artist.nonce(signer, 0), 1, "nonce used");
            refused(
                address(artist),
                call_,
                kind == ACCEPT  // nobody is pending any more
                    ? abi.encodeWithSelector(IArtist.OwnerMissing.selector)
                    : abi.encodeWithSelector(IArtist.BadNonce.selector, signer, 0, 1),
                "replayed"
            );
            vm.revertToState(clean);
        }
    }

    function effect(uint256 kind) private view {
        if (kind == 0) eq(artist.songCount(), 5, "published");
        if (kind == 1) eq(artist.song(1).pricePerPlay, 5_000, "priced");
        if (kind == 2) ok(!artist.song(1).active, "retired");
        if (kind == 3) same(artist.song(1).manifestHash, "new", "revised");
        if (kind == 4) ok(artist.hasLicence(LISTENER, 1), "given");
        if (kind == 5) {
            (IArtist.Payee[] memory list,) = artist.announcedSplits();
            eq(list[1].bps, 2_500, "announced");
        }
        if (kind == 6) eq(artist.pendingOwner(), LISTENER, "pending");
        if (kind == 7) eq(artist.nonce(OWNER, 3), 3 << 64 | 2 ** 32, "cancelled");
        if (kind == WITHDRAW) eq(dollar.balanceOf(address(0xCAFE)), 600, "withdrawn");
        if (kind == ACCEPT) eq(artist.owner(), vm.addr(HEIR_KEY), "accepted");
    }

    function test_RevertWhen_SignedForAnotherClone() public {
        for (uint256 kind; kind < KINDS; ++kind) {
            bytes memory s = signature(other, kind, 0, deadline);
            refused(address(artist), input(kind, 0, deadline, s), badSignature(kind), "another clone");
        }
    }

    function test_RevertWhen_SignedForAnotherChain() public {
        for (uint256 kind; kind < KINDS; ++kind) {
            vm.chainId(1);
            bytes memory s = signature(artist, kind, 0, deadline);
            vm.chainId(31_337);
            refused(address(artist), input(kind, 0, deadline, s), badSignature(kind), "another chain");
        }
    }

    function test_RevertWhen_SignedAsAnotherKind() public {
        for (uint256 kind; kind < KINDS; ++kind) {
            for (uint256 as_; as_ < KINDS; ++as_) {
                if (as_ == kind) continue;
                (string memory type_, bytes memory fields) = message(as_);
                bytes memory s = signedFor(artist, signerOf(kind), type_, fields, 0, deadline);
                refused(address(artist), input(kind, 0, deadline, s), badSignature(kind), "crosswise");
            }
        }
    }

    function test_RevertWhen_AStrangerSigned() public {
        for (uint256 kind; kind < KINDS; ++kind) {
            (string memory type_, bytes memory fields) = message(kind);
            bytes memory s = signedFor(artist, STRANGER_KEY, type_, fields, 0, deadline);
            refused(address(artist), input(kind, 0, deadline, s), badSignature(kind), "a stranger");
            refused(address(artist), input(kind, 0, deadline, ""), badSignature(kind), "nobody");
        }
    }

    function test_RevertWhen_DeadlinePassedOrTooFar() public {
        uint256 latest = START + 7 days;
        for (uint256 kind; kind < KINDS; ++kind) {
            bytes memory s = signature(artist, kind, 0, START - 1);
            bytes memory refusal = abi.encodeWithSelector(IArtist.DeadlinePassed.selector, START - 1, START);
            refused(address(artist), input(kind, 0, START - 1, s), refusal, "passed");
            s = signature(artist, kind, 0, latest + 1);
            refusal = abi.encodeWithSelector(IArtist.DeadlineTooFar.selector, latest + 1, latest);
            refused(address(artist), input(kind, 0, latest + 1, s), refusal, "too far");
            s = signature(artist, kind, 0, deadline);
            refused(address(artist), input(kind, 0, deadline + 1, s), badSignature(kind), "another than signed");
        }
    }

    function test_RevertWhen_AnOrderedKindTakesAnotherKey() public {
        for (uint256 kind; kind < KINDS; ++kind) {
            uint256 clean = vm.snapshotState();
            uint256 nonce = 9 << 64;
            bytes memory call_ = input(kind, nonce, deadline, signature(artist, kind, nonce, deadline));
            if (ordered(kind)) {
                bytes memory refusal = abi.encodeWithSelector(IArtist.NonceKeyNotZero.selector, 9);
                refused(address(artist), call_, refusal, "key 9");
            } else {
                done(address(artist), call_);
                eq(artist.nonce(OWNER, 9), nonce + 1, "keys run in parallel");
                eq(artist.nonce(OWNER, 0), 0, "keys run in parallel");
            }
            vm.revertToState(clean);
        }
    }

    function test_RevertGiven_AnEarlierMessageOfTheKeyIsMissing() public {
        bytes memory s = signature(artist, 1, 1, deadline);
        refused(
            address(artist),
            input(1, 1, deadline, s),
            abi.encodeWithSelector(IArtist.BadNonce.selector, OWNER, 1, 0),
            "out of order"
        );
    }

    function test_RevertGiven_OwnershipMovedOn() public {
        bytes[] memory calls = new bytes[](KINDS);
        for (uint256 kind; kind < WITHDRAW; ++kind) {
            calls[kind] = input(kind, 0, deadline, signature(artist, kind, 0, deadline));
        }
        vm.prank(vm.addr(HEIR_KEY));
        artist.acceptOwnership();
        for (uint256 kind; kind < WITHDRAW; ++kind) {
            bytes memory refusal = abi.encodeWithSelector(IArtist.BadSignature.selector, vm.addr(HEIR_KEY));
            refused(address(artist), calls[kind], refusal, "the former owner's");
        }
        // and when the artist comes back as owner, the epoch still is another
        vm.prank(vm.addr(HEIR_KEY));
        artist.transferOwnership(OWNER);
        vm.prank(OWNER);
        artist.acceptOwnership();
        for (uint256 kind; kind < WITHDRAW; ++kind) {
            refused(address(artist), calls[kind], badSignature(kind), "of an older epoch");
        }
    }

    function test_AContractOwnerSignsByEip1271() public {
        Wallet wallet = new Wallet(OWNER);
        vm.prank(address(wallet));
        (, address at_) = registry.register(address(wallet), "wallet", address(0), 0, "");
        Artist a = Artist(at_);
        a.publishWithSignature(songs(1), 0, deadline, publication(a, OWNER_KEY, songs(1), 0, deadline));
        eq(a.songCount(), 1, "published");
        refused(
            at_,
            abi.encodeCall(
                a.publishWithSignature, (songs(1), 1, deadline, publication(a, STRANGER_KEY, songs(1), 1, deadline))
            ),
            abi.encodeWithSelector(IArtist.BadSignature.selector, address(wallet)),
            "a stranger's"
        );
    }

    /// EIP-7702: the account has code now, which knows nothing of EIP-1271; its key is its key.
    function test_AnOwnerWhoDelegatesItsCodeSignsWithItsKey() public {
        vm.etch(OWNER, hex"ef0100000000000000000000000000000000000000dead");
        done(address(artist), input(2, 0, deadline, signature(artist, 2, 0, deadline)));
        effect(2);
    }
}
