// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DevDollar} from "../../../src/DevDollar.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";
import {SilentDollar} from "../../support/ArtistTokens.sol";
import {CallingDollar, FeeDollar, FreezingDollar} from "../../support/Tokens.sol";

contract RefundAtTillTest is ArtistWorld {
    bytes32 private constant QUOTE = keccak256("quote");
    bytes32 private constant NONCE = keccak256("the payer's random nonce");
    uint256 private constant INCOME = 77;

    address private till;
    IArtist.TillPayment private _payment;

    function setUp() public override {
        super.setUp();
        begin();
    }

    function on(DevDollar token) private {
        livesOn(token);
        begin();
    }

    function begin() private {
        earn(INCOME); // must stay untouched
        till = tillOf(artist, 1, QUOTE, PLATFORM);
        _payment = tillPayment(LISTENER_KEY, till, PRICE, 0, NONCE);
    }

    function call_() private view returns (bytes memory) {
        return abi.encodeCall(artist.refundAtTill, (1, QUOTE, _payment));
    }

    function used() private view returns (bytes memory) {
        return abi.encodeWithSelector(IArtist.TillUsed.selector, till);
    }

    function test_RevertWhen_TheCallerIsNotTheIssuer() public {
        pushed(_payment, till);
        refusedTo(STRANGER, call_(), badSignature(LISTENER), "a stranger");
        refusedTo(LISTENER, call_(), badSignature(LISTENER), "not even the payer");
        holds(till, PRICE, "the money stays");
    }

    function test_RevertWhen_ThePaymentWasNotSignedLikeThis() public {
        pushed(_payment, till);
        _payment.from = STRANGER; // who would like to have it
        refusedTo(PLATFORM, call_(), badSignature(STRANGER), "somebody else's name");
        _payment.from = LISTENER;
        refusedTo(
            PLATFORM,
            abi.encodeCall(artist.refundAtTill, (2, QUOTE, _payment)),
            badSignature(LISTENER),
            "the till of another song"
        );
        holds(till, PRICE, "the money stays");
    }

    function test_RevertGiven_TheTransferMayStillArrive() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.PaymentOutstanding.selector, LISTENER, NONCE);
        refusedTo(PLATFORM, call_(), refusal, "nobody pushed it");
        dollar.faucet(till, 1);
        refusedTo(PLATFORM, call_(), refusal, "somebody's dust only");
        sent(PLATFORM, abi.encodeCall(artist.buyAtTill, (1, QUOTE, _payment))); // the till was not used up
        ok(artist.hasLicence(LISTENER, 1), "sold after all");
    }

    function test_RevertGiven_CancelledAndNothingInTheTill() public {
        cancelAuthorisation(LISTENER_KEY, NONCE);
        refusedTo(PLATFORM, call_(), abi.encodeWithSelector(IArtist.TillShort.selector, till, 0, 1), "nothing there");
    }

    function test_RevertGiven_TheTillWasUsed() public {
        pushed(_payment, till);
        uint256 clean = vm.snapshotState();
        sent(PLATFORM, abi.encodeCall(artist.buyAtTill, (1, QUOTE, _payment)));
        refusedTo(PLATFORM, call_(), used(), "by the sale");
        holds(LISTENER, PURSE - PRICE, "sold is sold");
        vm.revertToState(clean);
        sent(PLATFORM, call_());
        refusedTo(PLATFORM, call_(), used(), "by the refund");
        refusedTo(PLATFORM, abi.encodeCall(artist.buyAtTill, (1, QUOTE, _payment)), used(), "no sale after it");
        isRefunded(PRICE);
    }

    function test_RevertGiven_TheTokenFreezesThePayer() public {
        FreezingDollar freezing = new FreezingDollar();
        on(freezing);
        pushed(_payment, till);
        freezing.setFrozen(LISTENER, true);
        refusedTo(PLATFORM, call_(), abi.encodeWithSelector(FreezingDollar.Frozen.selector, LISTENER), "frozen");
        holds(till, PRICE, "the money waits");
        freezing.setFrozen(LISTENER, false);
        refundIs(PRICE);
    }

    function test_ItSendsBackWhatWasPushedForARetiredSong() public {
        pushed(_payment, till);
        retired(1);
        refundIs(PRICE);
    }

    function test_ItSendsBackWhatWasPushedForASongGrownDearer() public {
        pushed(_payment, till);
        priced(1, uint64(PRICE + 1));
        refundIs(PRICE);
    }

    function test_ItSendsBackWhatWasPushedForALicenceHeldAlready() public {
        pushed(_payment, till);
        vm.prank(OWNER);
        artist.giveLicence(1, LISTENER);
        vm.expectEmit(address(artist));
        emit IArtist.TillRefunded(1, LISTENER, QUOTE, PRICE);
        sent(PLATFORM, call_());
        holds(LISTENER, PURSE, "all back");
        ok(artist.hasLicence(LISTENER, 1), "the licence stays");
    }

    function test_DustGoesWithIt() public {
        pushed(_payment, till);
        dollar.faucet(till, 5);
        refundIs(PRICE + 5);
    }

    function test_ATokenWithAFeeCostsThePayerOnly() public {
        on(new FeeDollar());
        pushed(_payment, till);
        uint256 inTill = PRICE - PRICE / 100;
        uint256 arrived = inTill - inTill / 100;
        vm.expectEmit(address(artist));
        emit IArtist.TillRefunded(1, LISTENER, QUOTE, arrived);
        sent(PLATFORM, call_());
        holds(LISTENER, PURSE - PRICE + arrived - arrived / 100, "what the token left of it");
        holds(address(artist), INCOME, "the artist's own is untouched");
    }

    function test_ATokenWithoutAnswersWorks() public {
        on(new SilentDollar());
        pushed(_payment, till);
        refundIs(PRICE);
    }

    function test_ATokenThatCallsBackIsLockedOut() public {
        CallingDollar calling = new CallingDollar();
        on(calling);
        pushed(_payment, till);
        calling.arm(address(artist), abi.encodeCall(artist.push, (OWNER)));
        refundIs(PRICE);
        ok(bytes4(calling.answer()) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "locked");
    }

    function refundIs(uint256 units) private {
        vm.expectEmit(address(artist));
        emit IArtist.TillRefunded(1, LISTENER, QUOTE, units);
        sent(PLATFORM, call_());
        isRefunded(units);
    }

    function isRefunded(uint256 units) private view {
        ok(!artist.hasLicence(LISTENER, 1), "no licence");
        holds(LISTENER, PURSE - PRICE + units, "all back");
        holds(till, 0, "nothing stays");
        holds(PLATFORM, 0, "nothing for the issuer");
        holds(address(artist), INCOME, "the artist's own is untouched");
    }
}
