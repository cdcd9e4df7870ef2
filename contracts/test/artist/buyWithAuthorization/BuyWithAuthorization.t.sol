// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Artist} from "../../../src/Artist.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {Incoming} from "../../../src/libraries/Incoming.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";
import {GarbledDollar, HollowDollar, SilentDollar} from "../../support/ArtistTokens.sol";
import {CallingDollar, FeeDollar, FreezingDollar} from "../../support/Tokens.sol";

contract BuyWithAuthorizationTest is ArtistWorld {
    function test_RevertWhen_TheSongIsUnknown() public {
        bytes memory s = purchase(artist, SONGS + 1, PRICE);
        refusedTo(ANYONE, buying(SONGS + 1, PRICE, s), unknown(SONGS + 1), "not yet");
        refusedTo(ANYONE, buying(0, PRICE, purchase(artist, 0, PRICE)), unknown(0), "zero");
        nothingHappened();
    }

    function test_RevertGiven_TheSongIsRetired() public {
        retired(1);
        bytes memory refusal = abi.encodeWithSelector(IArtist.SongNotActive.selector, 1);
        refusedTo(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)), refusal, "retired");
        nothingHappened();
    }

    function test_RevertGiven_TheSongIsNotForSale() public {
        priced(1, 0);
        bytes memory refusal = abi.encodeWithSelector(IArtist.NotForSale.selector, 1);
        refusedTo(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)), refusal, "not for sale");
        nothingHappened();
    }

    function test_RevertGiven_ThePriceRoseAboveTheMaximum() public {
        bytes memory input = buying(1, PRICE, purchase(artist, 1, PRICE));
        priced(1, 1_000_000);
        bytes memory refusal = abi.encodeWithSelector(IArtist.PriceAboveMaximum.selector, 1, 1_000_000, PRICE);
        refusedTo(ANYONE, input, refusal, "dearer");
        nothingHappened();
    }

    function test_RevertGiven_AlreadyLicensed() public {
        sent(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)));
        bytes memory refusal = abi.encodeWithSelector(IArtist.AlreadyLicensed.selector, 1, LISTENER);
        refusedTo(ANYONE, buying(1, PRICE + 1, purchase(artist, 1, PRICE + 1)), refusal, "bought twice");
        holds(LISTENER, PURSE - PRICE, "charged once");
        holds(address(artist), PRICE, "paid once");
    }

    function test_RevertWhen_TheLicenseeIsZero() public {
        bytes memory input =
            abi.encodeCall(artist.buyWithAuthorization, (1, address(0), PRICE, deadline, new bytes(65)));
        refusedTo(ANYONE, input, abi.encodeWithSelector(IArtist.LicenseeMissing.selector), "nobody");
    }

    /// The signature buys this song, for this listener, from this artist, for at most this price, until then.
    function test_RevertWhen_ThePaymentIsTurnedToSomethingElse() public {
        bytes memory s = purchase(artist, 1, PRICE);
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector);
        refusedTo(ANYONE, buying(2, PRICE, s), refusal, "another song");
        refusedTo(ANYONE, buying(1, PRICE + 1, s), refusal, "another price");
        bytes memory input = abi.encodeCall(artist.buyWithAuthorization, (1, STRANGER, PRICE, deadline, s));
        refusedTo(ANYONE, input, refusal, "another licensee");
        input = abi.encodeCall(artist.buyWithAuthorization, (1, LISTENER, PRICE, deadline + 1, s));
        refusedTo(ANYONE, input, refusal, "another time");
        Artist thief = registered(STRANGER_KEY, "thief");
        vm.prank(STRANGER);
        thief.publish(songs(1));
        refused(address(thief), buying(1, PRICE, s), refusal, "another artist's clone");
        vm.chainId(1);
        refusedTo(ANYONE, buying(1, PRICE, s), refusal, "another chain");
        vm.chainId(31_337);
        nothingHappened();
    }

    function test_RevertWhen_TheSignatureIsMalformed() public {
        bytes memory s = purchase(artist, 1, PRICE);
        bytes memory refusal = abi.encodeWithSelector(Incoming.BadSignatureLength.selector, 66);
        refusedTo(ANYONE, buying(1, PRICE, abi.encodePacked(s, hex"00")), refusal, "66 bytes");
        refusal = abi.encodeWithSelector(Incoming.BadSignatureLength.selector, 0);
        refusedTo(ANYONE, buying(1, PRICE, ""), refusal, "none");
        s[64] = 0x1d;
        refusal = abi.encodeWithSelector(ECDSA.ECDSAInvalidSignature.selector);
        refusedTo(ANYONE, buying(1, PRICE, s), refusal, "another v");
        nothingHappened();
    }

    function test_RevertGiven_TheAuthorisationWasCancelled() public {
        bytes32 nonce = artist.purchaseNonce(1, LISTENER, PRICE);
        cancelAuthorisation(LISTENER_KEY, nonce);
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, LISTENER, nonce);
        refusedTo(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)), refusal, "cancelled");
        nothingHappened();
        sent(ANYONE, buying(1, PRICE + 1, purchase(artist, 1, PRICE + 1))); // this maximum only
        ok(artist.hasLicence(LISTENER, 1), "bought under another maximum");
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        livesOn(new FeeDollar());
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, PRICE - PRICE / 100, PRICE);
        refusedTo(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)), refusal, "a fee");
        nothingHappened();
    }

    function test_RevertGiven_TheTokenMovesNothing() public {
        HollowDollar hollow = new HollowDollar();
        livesOn(hollow);
        hollow.becomeHollow();
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, 0, PRICE);
        refusedTo(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)), refusal, "a lie");
        nothingHappened();
    }

    function test_RevertGiven_TheTokenFreezesThePayer() public {
        FreezingDollar freezing = new FreezingDollar();
        livesOn(freezing);
        freezing.setFrozen(LISTENER, true);
        bytes memory refusal = abi.encodeWithSelector(FreezingDollar.Frozen.selector, LISTENER);
        refusedTo(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)), refusal, "frozen");
        nothingHappened();
    }

    function test_RevertGiven_TheTokenIsNoContract() public {
        bytes memory input = buying(1, PRICE, purchase(artist, 1, PRICE));
        bytes memory code = address(dollar).code;
        vm.etch(address(dollar), "");
        refusedTo(ANYONE, input, "", "nothing there");
        vm.etch(address(dollar), code);
        nothingHappened();
    }

    /// What a token reverts with is no balance, also where it is a word that would do as one.
    function test_RevertGiven_TheTokenRefusesToSayBalances() public {
        GarbledDollar garbled = new GarbledDollar();
        livesOn(garbled);
        bytes memory input = buying(1, PRICE, purchase(artist, 1, PRICE));
        garbled.garble(true, 32);
        refusedTo(ANYONE, input, "", "the balance, reverted with");
        garbled.garble(true, 0);
        refusedTo(ANYONE, input, "", "no reason");
        garbled.garble(false, 32);
        nothingHappened();
    }

    function test_RevertGiven_TheTokenAnswersShort() public {
        GarbledDollar garbled = new GarbledDollar();
        livesOn(garbled);
        bytes memory input = buying(1, PRICE, purchase(artist, 1, PRICE));
        garbled.garble(false, 31);
        refusedTo(ANYONE, input, "", "a byte short");
        garbled.garble(false, 0);
        refusedTo(ANYONE, input, "", "nothing");
        garbled.garble(false, 32);
        nothingHappened();
    }

    function test_WhatATokenAnswersBeyondAWordIsIgnored() public {
        GarbledDollar garbled = new GarbledDollar();
        livesOn(garbled);
        garbled.garble(false, 96);
        sent(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)));
        garbled.garble(false, 32);
        isSold(1);
    }

    function test_ItSellsForOneSignature() public {
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(2, LISTENER, LISTENER, PRICE);
        sent(ANYONE, buying(2, PRICE, purchase(artist, 2, PRICE)));
        isSold(2);
        ok(!artist.hasLicence(LISTENER, 1), "this song only");
        ok(!artist.hasLicence(ANYONE, 2), "not the sender's");
    }

    function test_WhatExceedsThePriceComesBack() public {
        priced(1, uint64(PRICE));
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(1, LISTENER, LISTENER, PRICE);
        sent(ANYONE, buying(1, PRICE + 5, purchase(artist, 1, PRICE + 5)));
        isSold(1);
    }

    function test_ATokenWithoutAnswersWorks() public {
        livesOn(new SilentDollar());
        sent(ANYONE, buying(1, PRICE + 5, purchase(artist, 1, PRICE + 5)));
        isSold(1);
    }

    /// Licences are bits: the songs around the border of a word do not touch each other.
    function test_TheNextWordOfLicencesIsAnotherOne() public {
        vm.prank(OWNER);
        artist.publish(songs(260));
        sent(ANYONE, buying(256, PRICE, purchase(artist, 256, PRICE)));
        ok(artist.hasLicence(LISTENER, 256), "licence");
        ok(!artist.hasLicence(LISTENER, 255) && !artist.hasLicence(LISTENER, 257), "not its neighbours");
        ok(!artist.hasLicence(LISTENER, 0), "not the same bit of another word");
        ok(!artist.hasLicence(LISTENER, 1 << 104 | 256), "not an id too large to be a song's");
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar calling = new CallingDollar();
        livesOn(calling);
        bytes[4] memory calls = [
            buying(2, PRICE, purchase(artist, 2, PRICE)),
            abi.encodeCall(artist.push, (OWNER)),
            abi.encodeCall(artist.withdraw, (ANYONE, 1)),
            abi.encodeCall(artist.applySplits, ())
        ];
        earn(7);
        for (uint256 i; i < calls.length; ++i) {
            uint256 clean = vm.snapshotState();
            calling.arm(address(artist), calls[i]);
            sent(ANYONE, buying(1, PRICE, purchase(artist, 1, PRICE)));
            ok(bytes4(calling.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
            ok(!artist.hasLicence(LISTENER, 2), "nothing bought on the way");
            holds(address(artist), 7 + PRICE, "paid once");
            vm.revertToState(clean);
        }
    }

    function testFuzz_ThePayerPaysThePriceWhateverItAllowed(uint256 price, uint256 more) public {
        price = bound(price, 1, PURSE);
        more = bound(more, 0, PURSE - price);
        priced(1, uint64(price));
        sent(ANYONE, buying(1, price + more, purchase(artist, 1, price + more)));
        holds(LISTENER, PURSE - price, "paid the price");
        holds(address(artist), price, "got the price");
        eq(artist.withdrawable(OWNER), price, "the owner's");
    }

    function isSold(uint256 songId) private view {
        ok(artist.hasLicence(LISTENER, songId), "licence");
        holds(LISTENER, PURSE - PRICE, "paid the price");
        holds(address(artist), PRICE, "got the price");
        eq(artist.withdrawable(OWNER), PRICE, "the owner's");
    }

    function nothingHappened() private view {
        ok(!artist.hasLicence(LISTENER, 1) && !artist.hasLicence(STRANGER, 1), "no licence");
        holds(LISTENER, PURSE, "nothing paid");
        holds(address(artist), 0, "nothing arrived");
    }
}
