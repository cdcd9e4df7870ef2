// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Artist} from "../../src/Artist.sol";
import {ArtistRegistry} from "../../src/ArtistRegistry.sol";
import {DevDollar} from "../../src/DevDollar.sol";
import {Tabs} from "../../src/Tabs.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {ITabs} from "../../src/interfaces/ITabs.sol";
import {Check} from "./Check.sol";

/// The contracts deployed as the embedded chain deploys them, and what people do with them: sign, register, publish, open tabs,
/// write statements. Digests are built here from PROTOCOL's words, never asked from the contracts.
abstract contract World is Check {
    uint256 internal constant START = 1_800_000_000;
    uint40 internal constant SPLIT_DELAY = 7 days;
    uint40 internal constant CHALLENGE = 3 days;
    uint256 internal constant N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;
    bytes32 internal constant ROOT = keccak256("plays");
    string internal constant TAIL = "uint256 nonce,uint256 deadline,uint256 ownerEpoch)";
    string internal constant SONG_TYPE =
        "Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)";

    uint256 internal constant OWNER_KEY = 0xA11CE;
    uint256 internal constant LISTENER_KEY = 0xB0B;
    uint256 internal constant CASHIER_KEY = 0xCA5;
    uint256 internal constant STRANGER_KEY = 0xBAD;
    uint256 internal constant TAB_KEY = 0x7AB;
    address internal immutable OWNER = vm.addr(OWNER_KEY);
    address internal immutable LISTENER = vm.addr(LISTENER_KEY);
    address internal immutable CASHIER = vm.addr(CASHIER_KEY);
    address internal immutable STRANGER = vm.addr(STRANGER_KEY);
    address internal constant PLATFORM = address(0x9147);
    address internal constant TREASURY = address(0x7EA5);
    address internal constant ANYONE = address(0xA0E);

    DevDollar internal dollar;
    ArtistRegistry internal registry;
    Tabs internal tabs;

    function deploy() internal {
        vm.warp(START);
        deployOn(new DevDollar());
    }

    function deployOn(DevDollar token) internal {
        dollar = token;
        registry = new ArtistRegistry(address(dollar), SPLIT_DELAY);
        tabs = new Tabs(address(dollar), address(registry), TREASURY, CHALLENGE);
    }

    // ---- signatures

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function signP256(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 s) {
        (r, s) = vm.signP256(key, digest);
        if (uint256(s) > N / 2) s = bytes32(N - uint256(s));
    }

    function domainOf(string memory name, address contract_) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                contract_
            )
        );
    }

    function typed(bytes32 domain, bytes32 message) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    /// EIP-3009: `from` lets the contract `to` take `value`.
    function payment(uint256 key, address to, uint256 value, uint256 validBefore, bytes32 nonce)
        internal
        view
        returns (bytes memory)
    {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
                ),
                vm.addr(key),
                to,
                value,
                0,
                validBefore,
                nonce
            )
        );
        return sign(key, typed(domainOf("Dev Dollar", address(dollar)), message));
    }

    // ---- artists

    function registration(uint256 key, bytes32 handle, address registrar, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Register(address owner,bytes32 handle,address registrar,uint256 deadline)"),
                vm.addr(key),
                handle,
                registrar,
                deadline
            )
        );
        return sign(key, typed(domainOf("Ovation Artist Registry", address(registry)), message));
    }

    function registered(uint256 key, bytes32 handle) internal returns (Artist artist) {
        bytes memory signature = registration(key, handle, PLATFORM, block.timestamp + 1 hours);
        vm.prank(PLATFORM);
        (, address clone) = registry.register(vm.addr(key), handle, PLATFORM, block.timestamp + 1 hours, signature);
        return Artist(clone);
    }

    /// Signs an artist message for `artist`: `fields` are its encoded members before nonce, deadline and owner epoch.
    function signedFor(
        Artist artist,
        uint256 key,
        string memory type_,
        bytes memory fields,
        uint256 nonce,
        uint256 deadline
    ) internal view returns (bytes memory) {
        bytes memory all = abi.encodePacked(
            keccak256(bytes(type_)), fields, abi.encode(nonce, deadline, uint256(artist.ownerEpoch()))
        );
        return sign(key, typed(domainOf("Ovation Artist", address(artist)), keccak256(all)));
    }

    function songs(uint256 count) internal pure returns (IArtist.SongInput[] memory list) {
        list = new IArtist.SongInput[](count);
        for (uint256 i; i < count; ++i) {
            list[i] = IArtist.SongInput(
                keccak256(abi.encode("master", i)), keccak256(abi.encode("manifest", i)), 4_000, 990_000
            );
        }
    }

    function songsHash(IArtist.SongInput[] memory list) internal pure returns (bytes32) {
        bytes memory hashes;
        for (uint256 i; i < list.length; ++i) {
            hashes = abi.encodePacked(hashes, keccak256(abi.encode(keccak256(bytes(SONG_TYPE)), list[i])));
        }
        return keccak256(hashes);
    }

    function publication(Artist artist, uint256 key, IArtist.SongInput[] memory list, uint256 nonce, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        string memory type_ = string.concat("Publish(Song[] songs,", TAIL, SONG_TYPE);
        return signedFor(artist, key, type_, abi.encode(songsHash(list)), nonce, deadline);
    }

    // ---- tabs

    function tabKey(address listener, uint256 key, uint16 feeBps, bytes32 salt)
        internal
        view
        returns (ITabs.TabKey memory)
    {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return ITabs.TabKey(listener, bytes32(x), bytes32(y), CASHIER, feeBps, salt);
    }

    function tabIdOf(ITabs.TabKey memory k) internal pure returns (bytes32) {
        return keccak256(abi.encode(k.listener, k.qx, k.qy, k.cashier, k.feeBps, k.salt));
    }

    function tabsDomain() internal view returns (bytes32) {
        return keccak256(abi.encode("Ovation Tabs 1", block.chainid, address(tabs)));
    }

    function fund(address who, uint256 units) internal {
        for (; units > dollar.FAUCET_MOST(); units -= dollar.FAUCET_MOST()) {
            dollar.faucet(who, dollar.FAUCET_MOST());
        }
        dollar.faucet(who, units);
    }

    function opening(uint256 listenerKey, ITabs.TabKey memory k, uint64 units, uint256 validBefore)
        internal
        view
        returns (bytes memory)
    {
        bytes32 nonce = keccak256(abi.encode("open", tabsDomain(), tabIdOf(k)));
        return payment(listenerKey, address(tabs), units, validBefore, nonce);
    }

    /// A funded tab of LISTENER.
    function opened(uint16 feeBps, bytes32 salt, uint64 units) internal returns (ITabs.TabKey memory k) {
        k = tabKey(LISTENER, TAB_KEY, feeBps, salt);
        fund(LISTENER, units);
        bytes memory signature = opening(LISTENER_KEY, k, units, block.timestamp + 1 hours);
        tabs.openWithAuthorization(k, units, block.timestamp + 1 hours, signature);
    }

    function entry(uint256 artistId, uint256 units) internal pure returns (bytes memory) {
        return abi.encodePacked(uint32(artistId), uint48(units));
    }

    /// `count` entries: ids first, first + 1, …, each with `units`.
    function entries(uint256 first, uint256 count, uint256 units) internal pure returns (bytes memory list) {
        list = new bytes(count * 10);
        for (uint256 i; i < count; ++i) {
            bytes memory e = entry(first + i, units);
            for (uint256 b; b < 10; ++b) {
                list[10 * i + b] = e[b];
            }
        }
    }

    /// Puts the fee of a list without entry 0 in front of it.
    function withFee(bytes memory list, uint256 feeBps) internal pure returns (bytes memory) {
        uint256 fee = feeBps * sumOf(list) / 10_000;
        return fee == 0 ? list : abi.encodePacked(entry(0, fee), list);
    }

    function sumOf(bytes memory list) internal pure returns (uint256 sum) {
        for (uint256 i; i < list.length; i += 10) {
            sum += unitsAt(list, i);
        }
    }

    function idAt(bytes memory list, uint256 offset) internal pure returns (uint256 id) {
        assembly ("memory-safe") {
            id := shr(224, mload(add(add(list, 32), offset)))
        }
    }

    function unitsAt(bytes memory list, uint256 offset) internal pure returns (uint256 units) {
        assembly ("memory-safe") {
            units := shr(208, mload(add(add(list, 36), offset)))
        }
    }

    function tagOf(string memory kind) internal view returns (bytes32) {
        return sha256(abi.encode(kind, block.chainid, address(tabs)));
    }

    function statement(bytes32 id, bytes memory list, bytes32 root) internal view returns (bytes32) {
        return sha256(abi.encodePacked(tagOf("Ovation statement 1"), id, sha256(list), root));
    }

    function signedItem(ITabs.TabKey memory k, uint256 key, bytes memory prev, bytes memory list)
        internal
        view
        returns (ITabs.Item memory)
    {
        (bytes32 r, bytes32 s) = signP256(key, statement(tabIdOf(k), list, ROOT));
        return ITabs.Item(k, r, s, ROOT, prev, list);
    }

    function countersigned(ITabs.Item memory item) internal view returns (bytes memory) {
        return sign(CASHIER_KEY, statement(tabIdOf(item.key), item.list, item.playsRoot));
    }

    function one(ITabs.Item memory item) internal pure returns (ITabs.Item[] memory batch) {
        batch = new ITabs.Item[](1);
        batch[0] = item;
    }

    function ids(uint32 a) internal pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = a;
    }
}
