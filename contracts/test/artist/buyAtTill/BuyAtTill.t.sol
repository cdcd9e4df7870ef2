// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Artist} from "../../../src/Artist.sol";
import {DevDollar} from "../../../src/DevDollar.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";
import {HollowDollar, SilentDollar} from "../../support/ArtistTokens.sol";
import {CallingDollar, FeeDollar, FreezingDollar} from "../../support/Tokens.sol";
import {Wallet} from "../../support/Wallet.sol";

contract BuyAtTillTest is ArtistWorld {
    bytes32 private constant QUOTE = keccak256("quote");
    bytes32 private constant NONCE = keccak256("the payer's random nonce");
    uint256 private constant CURVE = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    address private till;

    function setUp() public override {
        super.setUp();
        till = tillOf(artist, 1, QUOTE, PLATFORM);
    }

    /// The world again, on another token.
    function on(DevDollar token) private {
        livesOn(token);
        till = tillOf(artist, 1, QUOTE, PLATFORM);
    }

    function paid(uint256 value) private view returns (IArtist.TillPayment memory) {
        return tillPayment(LISTENER_KEY, till, value, 0, NONCE);
    }

    function call_(IArtist.TillPayment memory p) private view returns (bytes memory) {
        return abi.encodeCall(artist.buyAtTill, (1, QUOTE, p));
    }

    function short(uint256 received) private view returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.TillShort.selector, till, received, PRICE);
    }

    // ---- the song

    function test_RevertWhen_TheSongIsUnknown() public {
        till = tillOf(artist, SONGS + 1, QUOTE, PLATFORM);
        bytes memory input = abi.encodeCall(artist.buyAtTill, (SONGS + 1, QUOTE, paid(PRICE)));
        refusedTo(PLATFORM, input, unknown(SONGS + 1), "not yet");
        till = tillOf(artist, 0, QUOTE, PLATFORM);
        input = abi.encodeCall(artist.buyAtTill, (0, QUOTE, paid(PRICE)));
        refusedTo(PLATFORM, input, unknown(0), "zero");
    }

    function test_RevertGiven_TheSongIsRetired() public {
        retired(1);
        refusedTo(PLATFORM, call_(paid(PRICE)), abi.encodeWithSelector(IArtist.SongNotActive.selector, 1), "retired");
        nothingHappened();
    }

    function test_RevertGiven_TheSongIsNotForSale() public {
        priced(1, 0);
        refusedTo(PLATFORM, call_(paid(PRICE)), abi.encodeWithSelector(IArtist.NotForSale.selector, 1), "not for sale");
        nothingHappened();
    }

    function test_RevertGiven_ThePriceRoseAboveTheValue() public {
        IArtist.TillPayment memory p = paid(PRICE);
        priced(1, uint64(PRICE + 1));
        bytes memory refusal = abi.encodeWithSelector(IArtist.PriceAboveMaximum.selector, 1, PRICE + 1, PRICE);
        refusedTo(PLATFORM, call_(p), refusal, "dearer since the quote");
        dollar.faucet(till, 1); // not even when somebody adds what is missing
        refusedTo(PLATFORM, call_(p), refusal, "the payer never agreed to it");
        holds(LISTENER, PURSE, "nothing paid");
    }

    function test_RevertGiven_AlreadyLicensed() public {
        vm.prank(OWNER);
        artist.giveLicence(1, LISTENER);
        bytes memory refusal = abi.encodeWithSelector(IArtist.AlreadyLicensed.selector, 1, LISTENER);
        refusedTo(PLATFORM, call_(paid(PRICE)), refusal, "has it");
        holds(LISTENER, PURSE, "nothing paid");
    }

    // ---- the signature

    /// One signed transfer buys one song of one artist, for one quote of one issuer.
    function test_RevertWhen_ThePaymentIsTurnedToSomethingElse() public {
        IArtist.TillPayment memory p = paid(PRICE);
        bytes memory refusal = badSignature(LISTENER);
        refusedTo(PLATFORM, abi.encodeCall(artist.buyAtTill, (2, QUOTE, p)), refusal, "another song");
        refusedTo(PLATFORM, abi.encodeCall(artist.buyAtTill, (1, keccak256("other"), p)), refusal, "another quote");
        refusedTo(STRANGER, call_(p), refusal, "another issuer");
        Artist thief = registered(STRANGER_KEY, "thief");
        vm.prank(STRANGER);
        thief.publish(songs(1));
        vm.prank(PLATFORM);
        refused(address(thief), call_(p), refusal, "another artist's clone");
        vm.chainId(1);
        refusedTo(PLATFORM, call_(p), refusal, "another chain");
        vm.chainId(31_337);
        nothingHappened();
    }

    function test_RevertGiven_ThePushedTransferIsShownForSomethingElse() public {
        IArtist.TillPayment memory p = paid(PRICE);
        pushed(p, till);
        bytes memory refusal = badSignature(LISTENER);
        refusedTo(PLATFORM, abi.encodeCall(artist.buyAtTill, (2, QUOTE, p)), refusal, "another song");
        refusedTo(STRANGER, call_(p), refusal, "another issuer");
        holds(till, PRICE, "the money waits");
    }

    function test_RevertWhen_AFieldIsNotWhatWasSigned() public {
        bytes memory refusal = badSignature(LISTENER);
        IArtist.TillPayment memory p = paid(PRICE - 1);
        p.value = PRICE;
        refusedTo(PLATFORM, call_(p), refusal, "value");
        p = paid(PRICE);
        p.validAfter = 1;
        refusedTo(PLATFORM, call_(p), refusal, "validAfter");
        p = paid(PRICE);
        p.validBefore += 1;
        refusedTo(PLATFORM, call_(p), refusal, "validBefore");
        p = paid(PRICE);
        p.nonce = QUOTE;
        refusedTo(PLATFORM, call_(p), refusal, "nonce");
        p = paid(PRICE);
        p.from = STRANGER;
        refusedTo(PLATFORM, call_(p), badSignature(STRANGER), "from");
        p.from = address(0);
        refusedTo(PLATFORM, call_(p), badSignature(address(0)), "nobody");
        p.signature = "";
        refusedTo(PLATFORM, call_(p), badSignature(address(0)), "nobody, who signed nothing");
        nothingHappened();
    }

    function test_RevertWhen_TheSignatureIsForged() public {
        bytes memory refusal = badSignature(LISTENER);
        IArtist.TillPayment memory p = paid(PRICE);
        bytes memory good = p.signature;
        (bytes32 r, bytes32 s) = halves(good);
        p.signature = abi.encodePacked(r, bytes32(CURVE - uint256(s)), uint8(good[64]) == 27 ? uint8(28) : uint8(27));
        refusedTo(PLATFORM, call_(p), refusal, "high s");
        p.signature = abi.encodePacked(r, s, uint8(good[64]) - 27);
        refusedTo(PLATFORM, call_(p), refusal, "v of 0 or 1");
        p.signature = abi.encodePacked(r, s, uint8(29));
        refusedTo(PLATFORM, call_(p), refusal, "v of 29");
        p.signature = abi.encodePacked(good, hex"00");
        refusedTo(PLATFORM, call_(p), refusal, "66 bytes");
        p.signature = abi.encodePacked(r, s);
        refusedTo(PLATFORM, call_(p), refusal, "64 bytes");
        p.signature = "";
        refusedTo(PLATFORM, call_(p), refusal, "none");
        nothingHappened();
    }

    /// A contract may say yes to anything, and the token's own check would not ask it.
    function test_RevertWhen_ThePayerIsAContract() public {
        IArtist.TillPayment memory p = paid(PRICE);
        p.from = address(new Wallet(LISTENER));
        vm.mockCall(p.from, hex"1626ba7e", abi.encode(bytes4(0x1626ba7e))); // it says yes to anything
        fund(p.from, PRICE);
        refusedTo(PLATFORM, call_(p), badSignature(p.from), "EIP-1271");
        holds(p.from, PRICE, "nothing paid");
    }

    // ---- the money

    function test_RevertGiven_TheAuthorisationWasCancelled() public {
        cancelAuthorisation(LISTENER_KEY, NONCE);
        ok(dollar.authorizationState(LISTENER, NONCE), "the token calls it used");
        refusedTo(PLATFORM, call_(paid(PRICE)), short(0), "cancelled");
        nothingHappened();
    }

    function test_RevertGiven_CancelledAndNotEnoughInTheTill() public {
        cancelAuthorisation(LISTENER_KEY, NONCE);
        dollar.faucet(till, PRICE - 1);
        refusedTo(PLATFORM, call_(paid(PRICE)), short(PRICE - 1), "somebody's dust");
        ok(!artist.hasLicence(LISTENER, 1), "no licence");
        holds(till, PRICE - 1, "the dust stays");
    }

    function test_RevertGiven_ThePayerHasTooLittle() public {
        vm.prank(LISTENER);
        dollar.transfer(ANYONE, PURSE - PRICE + 1);
        refusedTo(PLATFORM, call_(paid(PRICE)), short(0), "poor");
        ok(!artist.hasLicence(LISTENER, 1), "no licence");
    }

    function test_RevertGiven_TheTransferMayStillArrive() public {
        dollar.faucet(till, PRICE);
        IArtist.TillPayment memory p = tillPayment(LISTENER_KEY, till, PRICE, START + 60, NONCE);
        bytes memory refusal = abi.encodeWithSelector(IArtist.PaymentOutstanding.selector, LISTENER, NONCE);
        refusedTo(PLATFORM, call_(p), refusal, "not valid yet, and somebody else's money in the till");
        ok(!artist.hasLicence(LISTENER, 1), "no licence");
        holds(till, PRICE, "the money stays");
    }

    function test_RevertGiven_TheQuoteWasPaidByAnother() public {
        sent(PLATFORM, call_(paid(PRICE)));
        fund(STRANGER, PRICE);
        IArtist.TillPayment memory second = tillPayment(STRANGER_KEY, till, PRICE, 0, NONCE);
        refusedTo(PLATFORM, call_(second), abi.encodeWithSelector(IArtist.TillUsed.selector, till), "the second payer");
        ok(!artist.hasLicence(STRANGER, 1), "no licence");
        holds(STRANGER, PRICE, "the second payer keeps the money");
        holds(address(artist), PRICE, "sold once");
    }

    function test_RevertGiven_TheTokenKeepsAFee() public {
        on(new FeeDollar());
        uint256 inTill = PRICE - PRICE / 100;
        refusedTo(PLATFORM, call_(paid(PRICE)), short(inTill - inTill / 100), "a fee, twice");
        nothingHappened();
    }

    function test_RevertGiven_TheTokenMovesNothing() public {
        HollowDollar hollow = new HollowDollar();
        on(hollow);
        hollow.becomeHollow();
        refusedTo(PLATFORM, call_(paid(PRICE)), short(0), "a lie");
        nothingHappened();
    }

    function test_RevertGiven_TheTokenFreezes() public {
        FreezingDollar freezing = new FreezingDollar();
        on(freezing);
        address[3] memory who = [LISTENER, till, address(artist)];
        for (uint256 i; i < who.length; ++i) {
            freezing.setFrozen(who[i], true);
            refusedTo(PLATFORM, call_(paid(PRICE)), short(0), "frozen");
            nothingHappened();
            freezing.setFrozen(who[i], false);
        }
        sent(PLATFORM, call_(paid(PRICE)));
        isSold(PRICE);
    }

    // ---- sold

    function test_ItPullsThePaymentAndSells() public {
        expectSold();
        sent(PLATFORM, call_(paid(PRICE)));
        isSold(PRICE);
        ok(!artist.hasLicence(PLATFORM, 1) && !artist.hasLicence(LISTENER, 2), "this song, this payer");
        eq(till.code.length, 0, "no code stays at the till");
    }

    function test_ATransferPushedByAnybodyBeforeIsAsGood() public {
        IArtist.TillPayment memory p = paid(PRICE);
        pushed(p, till);
        vm.warp(p.validBefore + 1 days); // it was made in time
        expectSold();
        sent(PLATFORM, call_(p));
        isSold(PRICE);
    }

    function test_SomebodysDustInTheTillIsIncome() public {
        dollar.faucet(till, 3);
        expectSold();
        sent(PLATFORM, call_(paid(PRICE)));
        isSold(PRICE + 3);
    }

    function test_APaymentAboveThePriceIsIncome() public {
        IArtist.TillPayment memory p = paid(PRICE + 10);
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(1, LISTENER, LISTENER, PRICE);
        sent(PLATFORM, call_(p));
        ok(artist.hasLicence(LISTENER, 1), "licence");
        holds(LISTENER, PURSE - PRICE - 10, "paid what was signed");
        holds(address(artist), PRICE + 10, "all of it arrived");
        eq(artist.withdrawable(OWNER), PRICE + 10, "the owner's");
    }

    function test_ACancelledPaymentThatSomebodyElseMadeGoodIsASale() public {
        cancelAuthorisation(LISTENER_KEY, NONCE);
        dollar.faucet(till, PRICE);
        expectSold();
        sent(PLATFORM, call_(paid(PRICE)));
        ok(artist.hasLicence(LISTENER, 1), "licence");
        holds(address(artist), PRICE, "the price arrived");
        holds(LISTENER, PURSE, "from somebody else");
    }

    function test_CoinSentToTheTillChangesNothing() public {
        vm.deal(till, 1);
        expectSold();
        sent(PLATFORM, call_(paid(PRICE)));
        isSold(PRICE);
    }

    function test_APayerWhoDelegatesItsCodeSignsWithItsKey() public {
        vm.etch(LISTENER, hex"ef0100000000000000000000000000000000000000dead");
        expectSold();
        sent(PLATFORM, call_(paid(PRICE)));
        isSold(PRICE);
    }

    function test_ATokenWithoutAnswersWorks() public {
        on(new SilentDollar());
        expectSold();
        sent(PLATFORM, call_(paid(PRICE)));
        isSold(PRICE);
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar calling = new CallingDollar();
        on(calling);
        IArtist.TillPayment memory p = paid(PRICE);
        bytes[4] memory calls = [
            call_(p),
            abi.encodeCall(artist.refundAtTill, (1, QUOTE, p)),
            abi.encodeCall(artist.push, (OWNER)),
            buying(2, PRICE, purchase(artist, 2, PRICE))
        ];
        earn(7);
        for (uint256 i; i < calls.length; ++i) {
            uint256 clean = vm.snapshotState();
            calling.arm(address(artist), calls[i]);
            sent(PLATFORM, call_(p));
            ok(bytes4(calling.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
            ok(!artist.hasLicence(LISTENER, 2), "nothing bought on the way");
            holds(address(artist), 7 + PRICE, "paid once");
            vm.revertToState(clean);
        }
    }

    /// Whatever the price, the payment, and what lies in the till: a licence exactly when the price arrives by a payment of it.
    function testFuzz_ALicenceCostsItsPrice(uint256 price, uint256 value, uint256 dust, bool push, bool cancel) public {
        price = bound(price, 1, PURSE);
        value = bound(value, 0, PURSE);
        dust = bound(dust, 0, PURSE);
        priced(1, uint64(price));
        IArtist.TillPayment memory p = paid(value);
        if (dust != 0) dollar.faucet(till, dust);
        if (cancel) cancelAuthorisation(LISTENER_KEY, NONCE);
        else if (push) pushed(p, till);
        uint256 arriving = dust + (cancel ? 0 : value);
        vm.prank(PLATFORM);
        (bool sold,) = address(artist).call(call_(p));
        ok(sold == (value >= price && arriving >= price), "sold exactly then");
        ok(artist.hasLicence(LISTENER, 1) == sold, "and licensed");
        holds(address(artist), sold ? arriving : 0, "all that was in the till");
        holds(LISTENER, PURSE - (!cancel && (push || sold) ? value : 0), "and no more was paid");
    }

    function expectSold() private {
        vm.expectEmit(address(artist));
        emit IArtist.LicenceGranted(1, LISTENER, LISTENER, PRICE);
    }

    function isSold(uint256 income) private view {
        ok(artist.hasLicence(LISTENER, 1), "licence");
        holds(LISTENER, PURSE - PRICE, "paid");
        holds(till, 0, "nothing stays");
        holds(PLATFORM, 0, "nothing for the issuer");
        holds(address(artist), income, "income");
        eq(artist.withdrawable(OWNER), income, "the owner's");
    }

    function nothingHappened() private view {
        ok(!artist.hasLicence(LISTENER, 1) && !artist.hasLicence(LISTENER, 2), "no licence");
        holds(LISTENER, PURSE, "nothing paid");
        holds(till, 0, "nothing at the till");
        holds(address(artist), 0, "nothing arrived");
    }
}
