// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {Incoming} from "../../../src/libraries/Incoming.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";
import {GarbledDollar, SilentDollar} from "../../support/ArtistTokens.sol";
import {CallingDollar, FeeDollar} from "../../support/Tokens.sol";

contract BuyTest is ArtistWorld {
    function allow(uint256 units) private {
        vm.prank(LISTENER);
        dollar.approve(address(artist), units);
    }

    function test_RevertWhen_TheSongIsUnknown() public {
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (0, PRICE)), unknown(0), "zero");
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (SONGS + 1, PRICE)), unknown(SONGS + 1), "not yet");
    }

    function test_RevertGiven_TheSongIsRetired() public {
        retired(1);
        bytes memory refusal = abi.encodeWithSelector(IArtist.SongNotActive.selector, 1);
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (1, PRICE)), refusal, "retired");
    }

    function test_RevertGiven_TheSongIsNotForSale() public {
        priced(1, 0);
        bytes memory refusal = abi.encodeWithSelector(IArtist.NotForSale.selector, 1);
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (1, PRICE)), refusal, "not for sale");
    }

    function test_RevertGiven_ThePriceRoseAboveTheMaximum() public {
        allow(PURSE);
        priced(1, 1_000_000);
        bytes memory refusal = abi.encodeWithSelector(IArtist.PriceAboveMaximum.selector, 1, 1_000_000, PRICE);
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (1, PRICE)), refusal, "dearer");
    }

    function test_RevertGiven_AlreadyLicensed() public {
        allow(PURSE);
        sent(LISTENER, abi.encodeCall(artist.buy, (1, PRICE)));
        bytes memory refusal = abi.encodeWithSelector(IArtist.AlreadyLicensed.selector, 1, LISTENER);
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (1, PRICE)), refusal, "twice");
        holds(LISTENER, PURSE - PRICE, "charged once");
    }

    function test_RevertGiven_TheAllowanceIsShort() public {
        allow(PRICE - 1);
        bytes memory refusal =
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(artist), PRICE - 1, PRICE);
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (1, PRICE)), refusal, "short");
        ok(!artist.hasLicence(LISTENER, 1), "no licence");
        holds(LISTENER, PURSE, "nothing paid");
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        livesOn(new FeeDollar());
        allow(PRICE);
        bytes memory refusal = abi.encodeWithSelector(Incoming.PaymentNotExact.selector, PRICE - PRICE / 100, PRICE);
        refusedTo(LISTENER, abi.encodeCall(artist.buy, (1, PRICE)), refusal, "a fee");
        ok(!artist.hasLicence(LISTENER, 1), "no licence");
        holds(LISTENER, PURSE, "nothing paid");
    }

    function test_RevertGiven_TheTokenSaysNoBalance() public {
        GarbledDollar garbled = new GarbledDollar();
        livesOn(garbled);
        allow(PRICE);
        bytes memory input = abi.encodeCall(artist.buy, (1, PRICE));
        garbled.garble(true, 32);
        refusedTo(LISTENER, input, "", "the balance, reverted with");
        garbled.garble(false, 31);
        refusedTo(LISTENER, input, "", "a byte short");
        bytes memory code = address(dollar).code;
        vm.etch(address(dollar), "");
        refusedTo(LISTENER, input, "", "nothing there");
        vm.etch(address(dollar), code);
        garbled.garble(false, 32);
        ok(!artist.hasLicence(LISTENER, 1), "no licence");
        holds(LISTENER, PURSE, "nothing paid");
    }

    function test_ItTakesThePriceFromTheAllowance() public {
        bought();
    }

    function test_ATokenWithoutAnswersWorks() public {
        livesOn(new SilentDollar());
        bought();
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar calling = new CallingDollar();
        livesOn(calling);
        calling.arm(address(artist), abi.encodeCall(artist.buy, (2, PRICE)));
        bought();
        ok(bytes4(calling.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
    }

    function bought() private {
        allow(PURSE);
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(1, LISTENER, LISTENER, PRICE);
        sent(LISTENER, abi.encodeCall(artist.buy, (1, PRICE + 1)));
        ok(artist.hasLicence(LISTENER, 1), "licence");
        ok(!artist.hasLicence(LISTENER, 2), "of this song only");
        holds(LISTENER, PURSE - PRICE, "paid the price");
        holds(address(artist), PRICE, "got the price");
        eq(dollar.allowance(LISTENER, address(artist)), PURSE - PRICE, "the rest stays allowed");
        eq(artist.withdrawable(OWNER), PRICE, "the owner's");
    }
}
