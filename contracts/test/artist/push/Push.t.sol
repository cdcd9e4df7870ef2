// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";
import {FreezingDollar} from "../../support/Tokens.sol";

contract PushTest is ArtistWorld {
    function test_RevertGiven_NothingIsDue() public {
        earn(100);
        bytes memory refusal = abi.encodeWithSelector(IArtist.AmountMissing.selector);
        refusedTo(STRANGER, abi.encodeCall(artist.push, (STRANGER)), refusal, "a stranger's share");
        holds(address(artist), 100, "all is there");
    }

    function test_RevertWhen_ThePayeeIsNobodyOrTheContract() public {
        address[2] memory nobody = [address(0), address(artist)];
        for (uint256 i; i < nobody.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(IArtist.BadRecipient.selector, nobody[i]);
            refusedTo(ANYONE, abi.encodeCall(artist.push, (nobody[i])), refusal, "nobody's address");
        }
    }

    function test_AnybodySendsAPayeeItsWholeShare() public {
        inForce(pair(ANNA, 7_000, BEN, 3_000));
        earn(1_000);
        vm.expectEmit(address(artist));
        emit IArtist.Withdrawn(ANNA, ANNA, 700);
        sent(ANYONE, abi.encodeCall(artist.push, (ANNA)));
        holds(ANNA, 700, "to the payee itself");
        holds(ANYONE, 0, "nothing for the sender");
        holds(address(artist), 300, "the others' stays");
        eq(artist.withdrawable(BEN), 300, "and stays theirs");
    }

    /// Nothing was due to CARA before the splits that were announced long ago came into force with this very call.
    function test_DueSplitsAreAppliedFirst() public {
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        IArtist.Payee[] memory next = new IArtist.Payee[](1);
        next[0] = IArtist.Payee(CARA, 10_000);
        announce(next);
        earn(3);
        vm.warp(block.timestamp + SPLIT_DELAY);
        vm.expectEmit(address(artist));
        emit IArtist.SplitsApplied(2);
        sent(ANYONE, abi.encodeCall(artist.push, (CARA)));
        holds(CARA, 1, "what rounding had left over");
        eq(artist.withdrawable(ANNA) + artist.withdrawable(BEN), 2, "the others have theirs");
    }

    function test_OneFrozenPayeeNeverBlocksAnother() public {
        FreezingDollar freezing = new FreezingDollar();
        livesOn(freezing);
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        earn(100);
        freezing.setFrozen(ANNA, true);
        bytes memory refusal = abi.encodeWithSelector(FreezingDollar.Frozen.selector, ANNA);
        refusedTo(ANYONE, abi.encodeCall(artist.push, (ANNA)), refusal, "frozen");
        sent(ANYONE, abi.encodeCall(artist.push, (BEN)));
        holds(BEN, 50, "ben has his");
        sent(ANNA, abi.encodeCall(artist.withdraw, (CARA, 50)));
        holds(CARA, 50, "anna names another address");
    }

    /// Shares are cumulative: pulling often or seldom makes no difference, not even in rounding.
    function test_PushingOftenGainsNothing() public {
        inForce(pair(ANNA, 9_999, BEN, 1));
        for (uint256 i; i < 100; ++i) {
            earn(5_000);
            artist.push(ANNA);
        }
        holds(ANNA, 499_950, "anna");
        artist.push(BEN);
        holds(BEN, 50, "ben");
        holds(address(artist), 0, "nothing is left");
    }
}
