// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../src/Artist.sol";
import {DevDollar} from "../../src/DevDollar.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {World} from "./World.sol";

/// One artist with three songs at `PRICE`, a listener with money, and what people do with that contract.
abstract contract ArtistWorld is World {
    uint256 internal constant PRICE = 990_000;
    uint256 internal constant PURSE = 10_000_000;
    uint256 internal constant SONGS = 3;
    uint64 internal constant HIGHEST = 2 ** 53 - 1;
    address internal constant ANNA = address(0xAA1);
    address internal constant BEN = address(0xBE2);
    address internal constant CARA = address(0xCA3);

    Artist internal artist;
    uint256 internal deadline;

    function setUp() public virtual {
        vm.warp(START);
        deadline = START + 1 hours;
        livesOn(new DevDollar());
    }

    function livesOn(DevDollar token) internal {
        deployOn(token);
        artist = registered(OWNER_KEY, "hana");
        vm.prank(OWNER);
        artist.publish(songs(SONGS));
        fund(LISTENER, PURSE);
    }

    // ---- who calls

    function refusedTo(address who, bytes memory input, bytes memory error_, string memory what) internal {
        vm.prank(who);
        refused(address(artist), input, error_, what);
    }

    function sent(address who, bytes memory input) internal returns (bytes memory) {
        vm.prank(who);
        return done(address(artist), input);
    }

    /// The owner's signature under nonce 0, valid until `deadline`. `members` are the type's own, with a comma after each.
    function signed(uint256 key, string memory name, string memory members, bytes memory fields)
        internal
        view
        returns (bytes memory)
    {
        return signedFor(artist, key, string.concat(name, "(", members, TAIL), fields, 0, deadline);
    }

    function notOwner(address who) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.NotOwner.selector, who);
    }

    function badSignature(address signer) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.BadSignature.selector, signer);
    }

    function unknown(uint256 songId) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.UnknownSong.selector, songId);
    }

    function retired(uint256 songId) internal {
        vm.prank(OWNER);
        artist.retire(songId);
    }

    function priced(uint256 songId, uint64 licencePrice) internal {
        vm.prank(OWNER);
        artist.setPrice(songId, 4_000, licencePrice);
    }

    // ---- money

    function earn(uint256 units) internal {
        dollar.faucet(address(artist), units);
    }

    function holds(address who, uint256 units, string memory what) internal view {
        eq(dollar.balanceOf(who), units, what);
    }

    function pair(address a, uint16 bpsA, address b, uint16 bpsB) internal pure returns (IArtist.Payee[] memory list) {
        list = new IArtist.Payee[](2);
        (list[0], list[1]) = (IArtist.Payee(a, bpsA), IArtist.Payee(b, bpsB));
    }

    function announce(IArtist.Payee[] memory list) internal {
        vm.prank(OWNER);
        artist.setSplits(list);
    }

    function inForce(IArtist.Payee[] memory list) internal {
        announce(list);
        vm.warp(block.timestamp + SPLIT_DELAY);
        artist.applySplits();
    }

    // ---- licences

    function purchase(Artist from, uint256 songId, uint256 maxPrice) internal view returns (bytes memory) {
        bytes32 nonce = keccak256(abi.encode(domainOf("Ovation Artist", address(from)), songId, LISTENER, maxPrice));
        return payment(LISTENER_KEY, address(from), maxPrice, deadline, nonce);
    }

    function buying(uint256 songId, uint256 maxPrice, bytes memory signature) internal view returns (bytes memory) {
        return abi.encodeCall(artist.buyWithAuthorization, (songId, LISTENER, maxPrice, deadline, signature));
    }

    function cancelAuthorisation(uint256 key, bytes32 nonce) internal {
        bytes32 type_ = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");
        bytes32 digest =
            typed(domainOf("Dev Dollar", address(dollar)), keccak256(abi.encode(type_, vm.addr(key), nonce)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        dollar.cancelAuthorization(vm.addr(key), nonce, v, r, s);
    }

    // ---- tills

    /// CREATE2 from the words of the protocol: artist contract, song, quote, issuer. The init code is written out once more.
    function tillOf(Artist from, uint256 songId, bytes32 quote, address issuer) internal view returns (address) {
        bytes memory code = abi.encodePacked(
            hex"73",
            address(dollar),
            hex"6370a082315f5230602052602060406024601c845afa5063a9059cbb5f52336020525f5f6044601c5f855af100"
        );
        bytes32 salt = keccak256(abi.encode(songId, quote, issuer));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(from), salt, keccak256(code))))));
    }

    /// EIP-3009: `key` lets anybody move `value` to the till, from `validAfter` on.
    function tillPayment(uint256 key, address till, uint256 value, uint256 validAfter, bytes32 nonce)
        internal
        view
        returns (IArtist.TillPayment memory)
    {
        bytes32 type_ = keccak256(
            "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
        bytes32 message = keccak256(abi.encode(type_, vm.addr(key), till, value, validAfter, deadline, nonce));
        bytes memory signature = sign(key, typed(domainOf("Dev Dollar", address(dollar)), message));
        return IArtist.TillPayment(vm.addr(key), value, validAfter, deadline, nonce, signature);
    }

    /// Anybody who sees the signed transfer may send it.
    function pushed(IArtist.TillPayment memory p, address till) internal {
        (bytes32 r, bytes32 s) = halves(p.signature);
        vm.prank(ANYONE);
        dollar.transferWithAuthorization(
            p.from, till, p.value, p.validAfter, p.validBefore, p.nonce, uint8(p.signature[64]), r, s
        );
    }

    function halves(bytes memory signature) internal pure returns (bytes32 r, bytes32 s) {
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
        }
    }
}
