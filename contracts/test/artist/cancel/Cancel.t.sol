// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract CancelTest is ArtistWorld {
    uint192 private constant KEY = 5;
    uint256 private constant FIRST = uint256(KEY) << 64;
    uint256 private constant JUMP = 2 ** 32;

    function revising(uint256 nonce) private view returns (bytes memory) {
        string memory type_ = string.concat("Revise(uint256 songId,bytes32 manifestHash,", TAIL);
        bytes memory s = signedFor(artist, OWNER_KEY, type_, abi.encode(1, bytes32("next")), nonce, deadline);
        return abi.encodeCall(artist.reviseWithSignature, (1, "next", nonce, deadline, s));
    }

    function dead(uint256 nonce, uint256 next) private {
        bytes memory refusal = abi.encodeWithSelector(IArtist.BadNonce.selector, OWNER, nonce, next);
        refusedTo(ANYONE, revising(nonce), refusal, "cancelled");
    }

    function test_RevertWhen_AnotherKeyWasSigned() public {
        bytes memory s = signed(OWNER_KEY, "Cancel", "uint192 key,", abi.encode(KEY));
        bytes memory input = abi.encodeCall(artist.cancelWithSignature, (KEY + 1, 0, deadline, s));
        refusedTo(STRANGER, input, badSignature(OWNER), "another key");
    }

    function test_RevertWhen_APayeeSignsForItself() public {
        inForce(pair(STRANGER, 5_000, OWNER, 5_000));
        deadline = block.timestamp + 1 hours;
        bytes memory s = signed(STRANGER_KEY, "Cancel", "uint192 key,", abi.encode(KEY));
        bytes memory input = abi.encodeCall(artist.cancelWithSignature, (KEY, 0, deadline, s));
        refusedTo(ANYONE, input, badSignature(OWNER), "only the owner's are relayed");
    }

    function test_ItKillsEverySignatureOfTheKey() public {
        done(address(artist), revising(FIRST));
        vm.expectEmit(address(artist));
        emit IArtist.NoncesCancelled(OWNER, KEY, FIRST + 1 + JUMP);
        sent(OWNER, abi.encodeCall(artist.cancel, (KEY)));
        eq(artist.nonce(OWNER, KEY), FIRST + 1 + JUMP, "the next");
        dead(FIRST + 1, FIRST + 1 + JUMP);
        dead(FIRST + 2, FIRST + 1 + JUMP);
        done(address(artist), revising(FIRST + 1 + JUMP));
        done(address(artist), revising(6 << 64));
    }

    function test_WhatTheOwnerSignedAnybodySends() public {
        bytes memory s = signed(OWNER_KEY, "Cancel", "uint192 key,", abi.encode(KEY));
        vm.expectEmit(address(artist));
        emit IArtist.NoncesCancelled(OWNER, KEY, FIRST + JUMP);
        sent(ANYONE, abi.encodeCall(artist.cancelWithSignature, (KEY, 0, deadline, s)));
        dead(FIRST, FIRST + JUMP);
        eq(artist.nonce(OWNER, 0), 1, "the key it was signed with goes on");
    }

    function test_EverybodysNoncesAreTheirOwn() public {
        vm.expectEmit(address(artist));
        emit IArtist.NoncesCancelled(STRANGER, 0, JUMP);
        sent(STRANGER, abi.encodeCall(artist.cancel, (0)));
        eq(artist.nonce(STRANGER, 0), JUMP, "the stranger's");
        eq(artist.nonce(OWNER, 0), 0, "not the owner's");
    }
}
