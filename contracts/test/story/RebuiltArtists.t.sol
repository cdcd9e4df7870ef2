// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Artist} from "../../src/Artist.sol";
import {DevDollar} from "../../src/DevDollar.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {IArtistRegistry} from "../../src/interfaces/IArtistRegistry.sol";
import {ArtistWorld} from "../support/ArtistWorld.sol";
import {Vm} from "../support/Vm.sol";

/// Everything the registry and the artists know, made again from logs alone. Two things our own logs cannot tell: income that
/// arrives without a call, which the token's Transfer logs tell; and nonces that signatures used up (the calls that carried
/// them tell those), so the only nonces rebuilt are the cancelled ones. Which till was emptied stands in the Transfer from it.
contract RebuiltArtistsTest is ArtistWorld {
    struct Known {
        uint32 songCount;
        address owner;
        address pendingOwner;
        uint32 ownerEpoch;
        IArtist.Payee[] payees;
        IArtist.Payee[] announced;
        uint40 announcedFrom;
        uint32 splitEpoch;
        uint256 released;
        uint256 booked;
        mapping(uint256 songId => IArtist.Song) songs;
        mapping(address licensee => mapping(uint256 songId => bool)) licences;
        mapping(uint32 splitEpoch => mapping(address payee => uint256)) releasedTo;
        mapping(address payee => uint256) bookedFor;
        mapping(address signer => mapping(uint192 key => uint256)) cancelledTo;
    }

    bytes32 private constant QUOTE = keccak256("quote");
    uint192 private constant KEY = 7;

    uint32 private _count;
    mapping(uint32 artistId => address) private _artistOf;
    mapping(address registrar => mapping(bytes32 handle => uint32)) private _idOf;
    mapping(address contract_ => Known) private _known;
    mapping(address holder => uint256) private _balances;
    mapping(bytes32 kind => bool) private _seen;

    function test_LogsTellAllOfTheRegistryAndItsArtists() public {
        vm.recordLogs();
        livesOn(new DevDollar());
        Artist second = registered(LISTENER_KEY, "ori");
        vm.prank(STRANGER);
        registry.register(STRANGER, "hana", address(0), 0, ""); // the same handle in the common name space
        write();
        sell();
        share();
        moveOn(second);
        rebuild(vm.getRecordedLogs());
        sawEverything();
        eq(registry.artistCount(), _count, "all artists");
        eq(_count, 3, "three of them");
        for (uint32 a = 1; a <= _count; ++a) {
            eq(registry.artistOf(a), _artistOf[a], "an artist's contract");
            compare(Artist(_artistOf[a]));
        }
        eq(registry.idOf(PLATFORM, "hana"), _idOf[PLATFORM]["hana"], "the platform's hana");
        eq(registry.idOf(PLATFORM, "ori"), _idOf[PLATFORM]["ori"], "the platform's ori");
        eq(registry.idOf(address(0), "hana"), _idOf[address(0)]["hana"], "everybody's hana");
        ok(_idOf[PLATFORM]["hana"] == 1 && _idOf[address(0)]["hana"] == 3, "which is somebody else");
        ok(artist.withdrawable(OWNER) != 0 && artist.withdrawable(ANNA) != 0, "former and present payees are owed");
    }

    // ---- what happens

    function write() private {
        IArtist.SongInput[] memory list = songs(2);
        artist.publishWithSignature(list, 0, deadline, publication(artist, OWNER_KEY, list, 0, deadline));
        priced(2, uint64(PRICE / 2));
        vm.startPrank(OWNER);
        artist.revise(1, "second");
        artist.revise(1, "third");
        artist.giveLicence(4, ANNA);
        artist.cancel(KEY);
        vm.stopPrank();
    }

    /// By authorisation with change, by allowance, at a till; and a till that has to be refunded.
    function sell() private {
        vm.startPrank(LISTENER);
        dollar.approve(address(artist), PRICE);
        artist.buy(1, PRICE);
        vm.stopPrank();
        done(address(artist), buying(2, PRICE, purchase(artist, 2, PRICE)));
        atTill(3, false);
        atTill(5, true);
    }

    function atTill(uint256 song, bool tooLate) private {
        address till = tillOf(artist, song, QUOTE, PLATFORM);
        IArtist.TillPayment memory p = tillPayment(LISTENER_KEY, till, PRICE, 0, bytes32(song));
        dollar.faucet(till, song); // dust goes where the rest goes
        if (!tooLate) {
            sent(PLATFORM, abi.encodeCall(artist.buyAtTill, (song, QUOTE, p)));
            return;
        }
        pushed(p, till);
        retired(song);
        sent(PLATFORM, abi.encodeCall(artist.refundAtTill, (song, QUOTE, p)));
    }

    function share() private {
        announce(pair(ANNA, 6_000, BEN, 4_000));
        vm.warp(block.timestamp + SPLIT_DELAY);
        vm.prank(OWNER);
        artist.withdraw(CARA, 1_001); // applies them: this much of what is booked for the owner
        earn(9_999);
        artist.push(BEN);
        vm.prank(ANNA);
        artist.withdraw(ANNA, 17);
        earn(101);
    }

    /// One owner leaves with splits in force and others announced, one without any.
    function moveOn(Artist second) private {
        announce(pair(BEN, 1, CARA, 9_999));
        vm.prank(OWNER);
        artist.transferOwnership(CARA);
        vm.startPrank(CARA);
        artist.acceptOwnership();
        artist.setSplits(pair(CARA, 5_000, BEN, 5_000));
        artist.transferOwnership(BEN);
        vm.stopPrank();

        dollar.faucet(address(second), 1_000);
        vm.startPrank(LISTENER);
        second.withdraw(LISTENER, 1);
        second.transferOwnership(ANNA);
        vm.stopPrank();
        vm.prank(ANNA);
        second.acceptOwnership();
        dollar.faucet(address(second), 50);
        vm.prank(LISTENER);
        second.withdraw(LISTENER, 400); // of what it earned as the owner
        vm.prank(ANNA);
        second.withdraw(ANNA, 20);
    }

    // ---- what the logs tell

    function rebuild(Vm.Log[] memory logs) private {
        for (uint256 i; i < logs.length; ++i) {
            Vm.Log memory log = logs[i];
            _seen[log.topics[0]] = true;
            if (log.emitter == address(registry)) learnArtist(log);
            else if (log.emitter == address(dollar)) learnTransfer(log);
            else learn(log, _known[log.emitter]);
        }
    }

    function addressOf(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }

    function learnArtist(Vm.Log memory log) private {
        if (log.topics[0] != IArtistRegistry.ArtistRegistered.selector) return;
        uint32 id = uint32(uint256(log.topics[1]));
        (address registrar, bytes32 handle) = abi.decode(log.data, (address, bytes32));
        (_count, _artistOf[id], _idOf[registrar][handle]) = (_count + 1, addressOf(log.topics[3]), id);
        eq(id, _count, "ids follow each other");
    }

    function learnTransfer(Vm.Log memory log) private {
        if (log.topics[0] != IERC20.Transfer.selector) return;
        uint256 units = abi.decode(log.data, (uint256));
        if (log.topics[1] != 0) _balances[addressOf(log.topics[1])] -= units;
        _balances[addressOf(log.topics[2])] += units;
    }

    function learn(Vm.Log memory log, Known storage k) private {
        bytes32 kind = log.topics[0];
        IArtist.Song storage s = k.songs[log.topics.length > 1 ? uint256(log.topics[1]) : 0];
        if (kind == IArtist.SongPublished.selector) {
            (s.sha256, s.manifestHash, s.active, s.revision) = (log.topics[2], log.topics[3], true, 1);
            (s.pricePerPlay, s.licencePrice) = abi.decode(log.data, (uint64, uint64));
            ++k.songCount;
        } else if (kind == IArtist.SongPriced.selector) {
            (s.pricePerPlay, s.licencePrice) = abi.decode(log.data, (uint64, uint64));
        } else if (kind == IArtist.SongRevised.selector) {
            (s.manifestHash, s.revision) = (log.topics[2], abi.decode(log.data, (uint32)));
        } else if (kind == IArtist.SongRetired.selector) {
            s.active = false;
        } else if (kind == IArtist.LicenceGranted.selector) {
            k.licences[addressOf(log.topics[2])][uint256(log.topics[1])] = true;
        } else if (kind == IArtist.NoncesCancelled.selector) {
            uint192 key = uint192(uint256(log.topics[2]));
            k.cancelledTo[addressOf(log.topics[1])][key] = abi.decode(log.data, (uint256));
        } else if (kind == IArtist.Withdrawn.selector) {
            learnWithdrawal(k, addressOf(log.topics[1]), abi.decode(log.data, (uint256)));
        } else {
            learnOfOwners(log, k);
        }
    }

    function learnOfOwners(Vm.Log memory log, Known storage k) private {
        bytes32 kind = log.topics[0];
        if (kind == IArtist.SplitsSet.selector) {
            IArtist.Payee[] memory list;
            (list, k.announcedFrom) = abi.decode(log.data, (IArtist.Payee[], uint40));
            delete k.announced;
            for (uint256 i; i < list.length; ++i) {
                k.announced.push(list[i]);
            }
        } else if (kind == IArtist.SplitsApplied.selector) {
            closeEpoch(k, log.emitter);
            eq(k.splitEpoch, uint256(log.topics[1]), "no epoch was missed");
            k.payees = k.announced;
            dropAnnounced(k);
        } else if (kind == IArtist.SplitsDropped.selector) {
            dropAnnounced(k);
        } else if (kind == IArtist.OwnershipTransferStarted.selector) {
            k.pendingOwner = addressOf(log.topics[2]);
        } else if (kind == IArtist.OwnershipTransferred.selector) {
            if (log.topics[1] != 0 && k.payees.length == 0) closeEpoch(k, log.emitter); // the owner alone was the payee
            (k.owner, k.pendingOwner) = (addressOf(log.topics[2]), address(0));
            k.ownerEpoch = abi.decode(log.data, (uint32));
        }
    }

    function dropAnnounced(Known storage k) private {
        delete k.announced;
        k.announcedFrom = 0;
    }

    // ---- the arithmetic of shares, from the interface's words: former splits first, then a share of what arrived since

    function payeesOf(Known storage k) private view returns (IArtist.Payee[] memory list) {
        if (k.payees.length != 0) return k.payees;
        list = new IArtist.Payee[](1);
        list[0] = IArtist.Payee(k.owner, 10_000);
    }

    function arrived(Known storage k, address at_) private view returns (uint256) {
        return _balances[at_] + k.released - k.booked;
    }

    function learnWithdrawal(Known storage k, address payee, uint256 units) private {
        uint256 former = k.bookedFor[payee] < units ? k.bookedFor[payee] : units;
        k.bookedFor[payee] -= former;
        k.booked -= former;
        k.releasedTo[k.splitEpoch][payee] += units - former;
        k.released += units - former;
    }

    function closeEpoch(Known storage k, address at_) private {
        IArtist.Payee[] memory list = payeesOf(k);
        uint256 whole = arrived(k, at_);
        for (uint256 i; i < list.length; ++i) {
            uint256 due = whole * list[i].bps / 10_000 - k.releasedTo[k.splitEpoch][list[i].account];
            k.bookedFor[list[i].account] += due;
            k.booked += due;
        }
        k.released = 0;
        ++k.splitEpoch;
    }

    function owedTo(Known storage k, address at_, address payee) private view returns (uint256 units) {
        units = k.bookedFor[payee];
        IArtist.Payee[] memory list = payeesOf(k);
        for (uint256 i; i < list.length; ++i) {
            if (list[i].account != payee) continue;
            units += arrived(k, at_) * list[i].bps / 10_000 - k.releasedTo[k.splitEpoch][payee];
        }
    }

    // ---- held against the views

    function compare(Artist a) private view {
        Known storage k = _known[address(a)];
        eq(a.owner(), k.owner, "owner");
        eq(a.pendingOwner(), k.pendingOwner, "pending owner");
        eq(a.ownerEpoch(), k.ownerEpoch, "owner epoch");
        eq(a.songCount(), k.songCount, "all songs");
        for (uint256 i = 1; i <= k.songCount; ++i) {
            same(keccak256(abi.encode(a.song(i))), keccak256(abi.encode(k.songs[i])), "a song");
        }
        same(keccak256(abi.encode(a.payees())), keccak256(abi.encode(payeesOf(k))), "splits in force");
        (IArtist.Payee[] memory list, uint40 from) = a.announcedSplits();
        same(keccak256(abi.encode(list)), keccak256(abi.encode(k.announced)), "splits announced");
        eq(from, k.announcedFrom, "when they may be applied");
        eq(dollar.balanceOf(address(a)), _balances[address(a)], "what it holds");
        address[7] memory people = [OWNER, LISTENER, STRANGER, PLATFORM, ANNA, BEN, CARA];
        for (uint256 p; p < people.length; ++p) {
            eq(a.withdrawable(people[p]), owedTo(k, address(a), people[p]), "what somebody can take out");
            for (uint256 i = 1; i <= SONGS + 2; ++i) {
                ok(a.hasLicence(people[p], i) == k.licences[people[p]][i], "a licence");
            }
        }
        if (address(a) != address(artist)) return;
        eq(a.nonce(OWNER, KEY), k.cancelledTo[OWNER][KEY], "where cancelled nonces go on");
    }

    /// A kind of log that never came was not learnt from.
    function sawEverything() private view {
        bytes32[13] memory kinds = [
            IArtist.SongPublished.selector,
            IArtist.SongPriced.selector,
            IArtist.SongRevised.selector,
            IArtist.SongRetired.selector,
            IArtist.LicenceGranted.selector,
            IArtist.TillRefunded.selector,
            IArtist.SplitsSet.selector,
            IArtist.SplitsApplied.selector,
            IArtist.SplitsDropped.selector,
            IArtist.Withdrawn.selector,
            IArtist.OwnershipTransferStarted.selector,
            IArtist.OwnershipTransferred.selector,
            IArtist.NoncesCancelled.selector
        ];
        for (uint256 i; i < kinds.length; ++i) {
            ok(_seen[kinds[i]], "each kind of log came");
        }
    }
}
