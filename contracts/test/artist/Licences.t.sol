// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Artist} from "../../src/Artist.sol";
import {IArtist} from "../../src/interfaces/IArtist.sol";
import {Incoming} from "../../src/libraries/Incoming.sol";
import {DevDollar} from "../../src/DevDollar.sol";
import {CallingDollar, FeeDollar} from "../support/Tokens.sol";
import {World} from "../support/World.sol";

contract LicencesTest is World {
    uint256 private constant PRICE = 990_000;

    Artist private artist;
    uint256 private validBefore;

    function setUp() public {
        deploy();
        artist = registered(OWNER_KEY, "hana");
        vm.prank(OWNER);
        artist.publish(songs(300));
        fund(LISTENER, 10_000_000);
        validBefore = block.timestamp + 1 hours;
    }

    function purchase(Artist from, uint256 songId, uint256 maxPrice) private view returns (bytes memory) {
        bytes32 nonce = keccak256(abi.encode(domainOf("Ovation Artist", address(from)), songId, LISTENER, maxPrice));
        same(nonce, from.purchaseNonce(songId, LISTENER, maxPrice), "as the contract says");
        return payment(LISTENER_KEY, address(from), maxPrice, validBefore, nonce);
    }

    function test_AListenerBuysByOneSignature() public {
        bytes memory signature = purchase(artist, 257, PRICE);
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(257, LISTENER, LISTENER, PRICE);
        vm.prank(ANYONE);
        artist.buyWithAuthorization(257, LISTENER, PRICE, validBefore, signature);
        ok(artist.hasLicence(LISTENER, 257), "licence");
        ok(!artist.hasLicence(LISTENER, 1), "of this song only");
        ok(!artist.hasLicence(ANYONE, 257), "not the sender's");
        eq(dollar.balanceOf(address(artist)), PRICE, "paid");
        eq(artist.withdrawable(OWNER), PRICE, "the owner's");
    }

    function test_WhatExceedsThePriceComesBack() public {
        bytes memory signature = purchase(artist, 1, PRICE + 5);
        artist.buyWithAuthorization(1, LISTENER, PRICE + 5, validBefore, signature);
        eq(dollar.balanceOf(LISTENER), 10_000_000 - PRICE, "paid the price");
        eq(dollar.balanceOf(address(artist)), PRICE, "got the price");
    }

    function test_AListenerBuysFromItsAllowance() public {
        vm.startPrank(LISTENER);
        dollar.approve(address(artist), PRICE);
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(1, LISTENER, LISTENER, PRICE);
        artist.buy(1, PRICE + 1);
        vm.stopPrank();
        ok(artist.hasLicence(LISTENER, 1), "licence");
        eq(dollar.balanceOf(address(artist)), PRICE, "paid");
    }

    function test_TheOwnerGivesALicence_AlsoOfARetiredSong() public {
        vm.startPrank(OWNER);
        artist.retire(7);
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(7, LISTENER, address(0), 0);
        artist.giveLicence(7, LISTENER);
        vm.stopPrank();
        ok(artist.hasLicence(LISTENER, 7), "licence");
    }

    function test_RevertGiven_AlreadyLicensed() public {
        vm.prank(OWNER);
        artist.giveLicence(1, LISTENER);
        bytes memory refusal = abi.encodeWithSelector(IArtist.AlreadyLicensed.selector, 1, LISTENER);
        vm.prank(OWNER);
        refused(address(artist), abi.encodeCall(artist.giveLicence, (1, LISTENER)), refusal, "given twice");
        vm.prank(LISTENER);
        refused(address(artist), abi.encodeCall(artist.buy, (1, PRICE)), refusal, "bought too");
        bytes memory signature = purchase(artist, 1, PRICE);
        refused(address(artist), buying(1, LISTENER, PRICE, signature), refusal, "bought too");
        eq(dollar.balanceOf(address(artist)), 0, "not charged");
    }

    function test_RevertWhen_ThePriceRoseAboveTheMaximum() public {
        bytes memory signature = purchase(artist, 1, PRICE);
        vm.prank(OWNER);
        artist.setPrice(1, 0, 1_000_000);
        refused(
            address(artist),
            buying(1, LISTENER, PRICE, signature),
            abi.encodeWithSelector(IArtist.PriceAboveMaximum.selector, 1, 1_000_000, PRICE),
            "dearer"
        );
    }

    function test_RevertGiven_NotForSaleOrRetired() public {
        vm.startPrank(OWNER);
        artist.setPrice(1, 4_000, 0);
        artist.retire(2);
        vm.stopPrank();
        bytes memory call_ = buying(1, LISTENER, PRICE, purchase(artist, 1, PRICE));
        refused(address(artist), call_, abi.encodeWithSelector(IArtist.NotForSale.selector, 1), "not for sale");
        call_ = buying(2, LISTENER, PRICE, purchase(artist, 2, PRICE));
        refused(address(artist), call_, abi.encodeWithSelector(IArtist.SongNotActive.selector, 2), "retired");
    }

    function test_RevertWhen_LicenseeIsZero() public {
        vm.prank(OWNER);
        refused(
            address(artist),
            abi.encodeCall(artist.giveLicence, (1, address(0))),
            abi.encodeWithSelector(IArtist.LicenseeMissing.selector),
            "zero"
        );
    }

    /// The signature buys this song, for this listener, from this artist, once.
    function test_RevertWhen_APaymentIsTurnedToSomethingElse() public {
        bytes memory signature = purchase(artist, 1, PRICE);
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector);
        refused(address(artist), buying(2, LISTENER, PRICE, signature), refusal, "another song");
        refused(address(artist), buying(1, STRANGER, PRICE, signature), refusal, "another licensee");
        refused(address(artist), buying(1, LISTENER, PRICE + 1, signature), refusal, "another price");
        Artist thief = registered(STRANGER_KEY, "thief");
        vm.prank(STRANGER);
        thief.publish(songs(1));
        refused(address(thief), buying(1, LISTENER, PRICE, signature), refusal, "another artist");
        signature[64] = 0x1d;
        refused(address(artist), buying(1, LISTENER, PRICE, signature), ecdsa(), "another v");
        refused(
            address(artist),
            buying(1, LISTENER, PRICE, abi.encodePacked(signature, hex"00")),
            abi.encodeWithSelector(Incoming.BadSignatureLength.selector, 66),
            "66 bytes"
        );
        ok(!artist.hasLicence(LISTENER, 1), "none granted");
    }

    function test_RevertGiven_TheAuthorisationWasCancelled() public {
        bytes32 nonce = artist.purchaseNonce(1, LISTENER, PRICE);
        bytes32 message =
            keccak256(abi.encode(keccak256("CancelAuthorization(address authorizer,bytes32 nonce)"), LISTENER, nonce));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(LISTENER_KEY, typed(domainOf("Dev Dollar", address(dollar)), message));
        dollar.cancelAuthorization(LISTENER, nonce, v, r, s);
        refused(
            address(artist),
            buying(1, LISTENER, PRICE, purchase(artist, 1, PRICE)),
            abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, LISTENER, nonce),
            "cancelled"
        );
        artist.buyWithAuthorization(1, LISTENER, PRICE + 1, validBefore, purchase(artist, 1, PRICE + 1));
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        become(new FeeDollar());
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, PRICE - PRICE / 100, PRICE);
        refused(address(artist), buying(1, LISTENER, PRICE, purchase(artist, 1, PRICE)), refusal, "authorised");
        vm.prank(LISTENER);
        dollar.approve(address(artist), PRICE);
        vm.prank(LISTENER);
        refused(address(artist), abi.encodeCall(artist.buy, (1, PRICE)), refusal, "allowed");
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar calling = new CallingDollar();
        become(calling);
        bytes[3] memory calls = [
            buying(2, LISTENER, PRICE, purchase(artist, 2, PRICE)),
            abi.encodeCall(artist.push, (OWNER)),
            abi.encodeCall(artist.withdraw, (ANYONE, 1))
        ];
        for (uint256 i; i < calls.length; ++i) {
            calling.arm(address(artist), calls[i]);
            artist.buyWithAuthorization(3 + i, LISTENER, PRICE, validBefore, purchase(artist, 3 + i, PRICE));
            ok(bytes4(calling.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
        }
        ok(!artist.hasLicence(LISTENER, 2), "nothing bought on the way");
        eq(dollar.balanceOf(address(artist)), 3 * PRICE, "paid for three");
    }

    /// The world again, on another token.
    function become(DevDollar token) private {
        deployOn(token);
        artist = registered(OWNER_KEY, "hana");
        vm.prank(OWNER);
        artist.publish(songs(10));
        fund(LISTENER, 10_000_000);
    }

    function buying(uint256 songId, address licensee, uint256 maxPrice, bytes memory signature)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(artist.buyWithAuthorization, (songId, licensee, maxPrice, validBefore, signature));
    }

    function ecdsa() private pure returns (bytes memory) {
        return abi.encodeWithSignature("ECDSAInvalidSignature()");
    }
}
