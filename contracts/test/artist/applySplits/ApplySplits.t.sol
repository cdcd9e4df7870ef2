// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

contract ApplySplitsTest is ArtistWorld {
    bytes private _call = abi.encodeWithSelector(IArtist.applySplits.selector);

    function test_RevertGiven_NothingWasAnnounced() public {
        refusedTo(OWNER, _call, abi.encodeWithSelector(IArtist.NoSplitsDue.selector, 0), "none");
    }

    function test_RevertGiven_TheDelayRuns() public {
        announce(pair(ANNA, 7_000, BEN, 3_000));
        vm.warp(START + SPLIT_DELAY - 1);
        bytes memory refusal = abi.encodeWithSelector(IArtist.NoSplitsDue.selector, START + SPLIT_DELAY);
        refusedTo(OWNER, _call, refusal, "a second early, even by the owner");
    }

    function test_RevertGiven_AppliedAlready() public {
        inForce(pair(ANNA, 7_000, BEN, 3_000));
        refusedTo(ANYONE, _call, abi.encodeWithSelector(IArtist.NoSplitsDue.selector, 0), "once");
    }

    function test_ItBooksWhatArrivedUnderTheFormerSplits() public {
        earn(1_000);
        announce(pair(ANNA, 7_000, BEN, 3_000));
        earn(500);
        vm.warp(START + SPLIT_DELAY);
        eq(artist.withdrawable(OWNER), 1_500, "the owner's until somebody applies them");
        vm.expectEmit(address(artist));
        emit IArtist.SplitsApplied(1);
        sent(ANYONE, _call);
        earn(1_000);
        eq(artist.withdrawable(OWNER), 1_500, "the owner's from before");
        eq(artist.withdrawable(ANNA), 700, "anna");
        eq(artist.withdrawable(BEN), 300, "ben");
        eq(artist.payees()[1].account, BEN, "in force");
        holds(address(artist), 2_500, "all is there");
        (IArtist.Payee[] memory none, uint40 from) = artist.announcedSplits();
        eq(none.length + from, 0, "nothing is announced any more");
    }

    /// What rounding leaves over is promised to the next payees from the moment they may come into force.
    function test_RoundingGoesToTheNextPayees() public {
        inForce(pair(ANNA, 5_000, BEN, 5_000));
        announce(pair(CARA, 9_999, OWNER, 1));
        earn(10_003);
        eq(artist.withdrawable(CARA), 0, "not yet");
        vm.warp(block.timestamp + SPLIT_DELAY);
        uint256 promised = artist.withdrawable(CARA);
        sent(ANYONE, _call);
        eq(artist.withdrawable(CARA), promised, "as promised");
        eq(artist.withdrawable(ANNA), 5_001, "anna has hers");
        eq(artist.withdrawable(BEN), 5_001, "ben has his");
        earn(9_999);
        eq(artist.withdrawable(CARA), 9_999, "of 10,000, the unit left over among them");
    }
}
