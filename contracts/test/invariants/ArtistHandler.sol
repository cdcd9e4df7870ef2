// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../src/Artist.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {Handler} from "./Handler.sol";

/// Owners who come and go, payees, buyers and attackers around one artist contract, and a plain record of what they did.
contract ArtistHandler is Handler {
    uint256 public constant PEOPLE = 5; // any of them may be owner or payee
    uint256 public constant BUYERS = 3;
    uint256 public constant SONGS = 4;
    uint256 private constant MOST = 1e9;

    Artist public artist;
    address[PEOPLE] public person;
    address[BUYERS] public buyer;
    uint256 public arrived;
    uint256 public withdrawn;
    uint256 public epochs; // at most this many changes of who is paid
    mapping(uint256 person => uint256) public taken;
    mapping(uint256 person => uint256) public fair; // income times share when it arrived, in units / 10,000
    mapping(address buyer => mapping(uint256 song => bool)) public entitled;
    address public agreed; // whom the last owner named and who accepted
    uint256 public strangers; // registered since, each with an id of its own
    uint256 public lastNonce;
    uint32 public lastEpoch;
    bool public fell; // a nonce or an epoch did

    constructor() {
        deploy();
        for (uint256 i; i < PEOPLE; ++i) {
            person[i] = vm.addr(key(i));
        }
        for (uint256 i; i < BUYERS; ++i) {
            buyer[i] = vm.addr(0x5000 + i);
        }
        artist = registered(key(0), "hana");
        agreed = person[0];
        vm.prank(person[0]);
        artist.publish(songs(SONGS));
    }

    function key(uint256 i) private pure returns (uint256) {
        return 0x4000 + i;
    }

    function held() external view returns (uint256) {
        return dollar.balanceOf(address(artist));
    }

    function artistOf(uint32 id) external view returns (address) {
        return registry.artistOf(id);
    }

    function stranger(uint256 i) public pure returns (address) {
        return vm.addr(0x6000 + i);
    }

    // ---- what may happen

    function earn(uint256 units) external {
        units = bound(units, 1, MOST);
        dollar.faucet(address(artist), units);
        income(units);
        happened();
    }

    function buy(uint256 b, uint256 songId, uint256 more, uint256 relayed) external {
        address who = buyer[b % BUYERS];
        songId = 1 + songId % SONGS;
        uint256 price = artist.song(songId).licencePrice;
        uint256 most = price + more % 1_000;
        dollar.faucet(who, most);
        bool good;
        if (relayed % 2 == 0) {
            bytes32 nonce = keccak256(abi.encode(domainOf("Ovation Artist", address(artist)), songId, who, most));
            bytes memory signature = payment(0x5000 + b % BUYERS, address(artist), most, block.timestamp + 1, nonce);
            (good,) = address(artist)
                .call(abi.encodeCall(artist.buyWithAuthorization, (songId, who, most, block.timestamp + 1, signature)));
        } else {
            vm.prank(who);
            dollar.approve(address(artist), most);
            vm.prank(who);
            (good,) = address(artist).call(abi.encodeCall(artist.buy, (songId, most)));
        }
        ok(good == !entitled[who][songId], "sold exactly to who has none");
        if (!good) return;
        entitled[who][songId] = true;
        income(price);
        happened();
    }

    function give(uint256 b, uint256 songId) external {
        songId = 1 + songId % SONGS;
        vm.prank(artist.owner());
        (bool good,) = address(artist).call(abi.encodeCall(artist.giveLicence, (songId, buyer[b % BUYERS])));
        ok(good == !entitled[buyer[b % BUYERS]][songId], "given once");
        entitled[buyer[b % BUYERS]][songId] = true;
        happened();
    }

    function setPrice(uint256 songId, uint256 price) external {
        songId = 1 + songId % SONGS;
        string memory type_ = string.concat("SetPrice(uint256 songId,uint64 pricePerPlay,uint64 licencePrice,", TAIL);
        uint64 p = uint64(bound(price, 1, 1e6));
        uint256 nonce = artist.nonce(artist.owner(), 0);
        bytes memory signature =
            signedFor(artist, ownerKey(), type_, abi.encode(songId, 4_000, p), nonce, block.timestamp);
        artist.setPriceWithSignature(songId, 4_000, p, nonce, block.timestamp, signature);
        happened();
        watch();
    }

    function setSplits(uint256 seed, uint256 count) external {
        count %= PEOPLE + 1;
        IArtist.Payee[] memory list = new IArtist.Payee[](count);
        uint256 left = 10_000;
        for (uint256 i; i < count; ++i) {
            uint256 bps = i == count - 1 ? left : 1 + uint256(keccak256(abi.encode(seed, i))) % (left - (count - 1 - i));
            list[i] = IArtist.Payee(person[(seed % PEOPLE + i) % PEOPLE], uint16(bps));
            left -= bps;
        }
        vm.prank(artist.owner());
        artist.setSplits(list);
        happened();
        ++epochs;
    }

    function applySplits(uint256 wait) external {
        vm.warp(block.timestamp + (wait % 4 == 0 ? wait % 7 days : 7 days + wait % 9 days)); // mostly long enough
        (, uint40 from) = artist.announcedSplits();
        (bool good,) = address(artist).call(abi.encodeCall(artist.applySplits, ()));
        ok(good == (from != 0 && block.timestamp >= from), "applied exactly when due");
        if (good) happened();
    }

    function withdraw(uint256 who, uint256 amount, uint256 pushed) external {
        who %= PEOPLE;
        uint256 most = artist.withdrawable(person[who]);
        if (most == 0) return;
        amount = pushed % 2 == 0 ? most : bound(amount, 1, most);
        if (pushed % 2 == 0) {
            artist.push(person[who]);
        } else {
            vm.prank(person[who]);
            artist.withdraw(person[who], amount);
        }
        eq(artist.withdrawable(person[who]), most - amount, "what was promised, and no more");
        taken[who] += amount;
        happened();
        withdrawn += amount;
    }

    function transferOwnership(uint256 to) external {
        agreed = person[to % PEOPLE];
        vm.prank(artist.owner());
        artist.transferOwnership(person[to % PEOPLE]);
        vm.prank(person[to % PEOPLE]);
        artist.acceptOwnership();
        happened();
        ++epochs;
        watch();
    }

    /// Others come, take ids, and try what is not theirs to try.
    function register(uint256 seed) external {
        uint256 who = 0x6000 + strangers;
        bytes32 handle = bytes32(
            abi.encodePacked("other_", bytes1(uint8(0x61 + strangers / 26 % 26)), bytes1(uint8(0x61 + strangers % 26)))
        );
        (bool good,) = address(registry)
            .call(
                abi.encodeCall(
                    registry.register,
                    (
                        agreed,
                        handle,
                        address(0),
                        block.timestamp,
                        registration(who, handle, address(0), block.timestamp)
                    )
                )
            );
        ok(!good, "nobody registers for another");
        registered(who, handle);
        ++strangers;
        vm.prank(person[seed % PEOPLE]);
        (good,) = address(artist).call(abi.encodeCall(artist.acceptOwnership, ()));
        ok(!good, "nobody accepts what was not offered");
        happened();
    }

    /// Everything a stranger might try; none of it works.
    function attack(uint256 how, uint256 amount) external {
        bytes[8] memory calls = [
            abi.encodeCall(artist.initialise, (STRANGER, 1)),
            abi.encodeCall(artist.withdraw, (STRANGER, bound(amount, 1, MOST))),
            abi.encodeCall(artist.withdrawWithSignature, (person[0], STRANGER, 1, 0, block.timestamp, hex"00")),
            abi.encodeCall(artist.push, (STRANGER)),
            abi.encodeCall(artist.giveLicence, (1, STRANGER)),
            abi.encodeCall(artist.transferOwnership, (STRANGER)),
            abi.encodeCall(artist.setPrice, (1, 0, 1)),
            abi.encodeCall(artist.buy, (1, type(uint256).max))
        ];
        vm.prank(STRANGER);
        (bool good,) = address(artist).call(calls[how % calls.length]);
        ok(!good, "an attack worked");
        happened();
    }

    // ---- the record

    function ownerKey() private view returns (uint256) {
        for (uint256 i; i < PEOPLE; ++i) {
            if (person[i] == artist.owner()) return key(i);
        }
        revert NotTrue("the owner is one of the people");
    }

    function income(uint256 units) private {
        arrived += units;
        IArtist.Payee[] memory list = artist.payees();
        for (uint256 p; p < list.length; ++p) {
            for (uint256 i; i < PEOPLE; ++i) {
                if (person[i] == list[p].account) fair[i] += units * list[p].bps;
            }
        }
    }

    function watch() private {
        uint256 now_ = artist.nonce(person[0], 0);
        if (now_ < lastNonce || artist.ownerEpoch() < lastEpoch) fell = true;
        (lastNonce, lastEpoch) = (now_, artist.ownerEpoch());
    }
}
