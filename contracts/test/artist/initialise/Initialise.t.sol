// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../../src/Artist.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {ArtistWorld} from "../../support/ArtistWorld.sol";

/// Audius 2022, Parity 2017: an initialiser that can be called again.
contract InitialiseTest is ArtistWorld {
    bytes private _call = abi.encodeCall(IArtist.initialise, (STRANGER, 7));

    function test_RevertWhen_AnAttackerInitialisesAClone() public {
        refusedTo(STRANGER, _call, abi.encodeWithSelector(IArtist.NotRegistry.selector, STRANGER), "a stranger");
        refusedTo(OWNER, _call, abi.encodeWithSelector(IArtist.NotRegistry.selector, OWNER), "the owner");
        eq(artist.owner(), OWNER, "the owner's");
    }

    function test_RevertWhen_AnAttackerInitialisesTheImplementation() public {
        address locked = registry.implementation();
        vm.prank(STRANGER);
        refused(locked, _call, abi.encodeWithSelector(IArtist.NotRegistry.selector, STRANGER), "a stranger");
    }

    function test_RevertGiven_Initialised() public {
        bytes memory refusal = abi.encodeWithSelector(IArtist.AlreadyInitialised.selector);
        refusedTo(address(registry), _call, refusal, "a clone, by the registry itself");
        address locked = registry.implementation();
        vm.prank(address(registry));
        refused(locked, _call, refusal, "the implementation, by the registry itself");
    }

    function test_TheImplementationIsNobodys() public {
        Artist locked = Artist(registry.implementation());
        bytes memory input = abi.encodeCall(locked.publish, (songs(1)));
        vm.prank(STRANGER);
        refused(address(locked), input, notOwner(STRANGER), "publishing in the implementation");
        eq(locked.owner(), address(1), "an address without a key");
        eq(locked.artistId(), 0, "no artist");
    }

    /// Not through the registry, as only a test can: what the registry calls in the transaction that makes a clone.
    function test_TheRegistryGivesItItsOwnerAndId() public {
        Artist fresh = new Artist(address(this), address(dollar), SPLIT_DELAY);
        vm.store(address(fresh), ownerSlot(fresh), 0);
        vm.expectEmit(address(fresh));
        emit IArtist.OwnershipTransferred(address(0), ANNA, 0);
        fresh.initialise(ANNA, 7);
        eq(fresh.owner(), ANNA, "owner");
        eq(fresh.artistId(), 7, "id");
        eq(fresh.ownerEpoch() + fresh.songCount(), 0, "nothing yet");
    }

    /// The one slot that holds the locked implementation's owner, found by looking.
    function ownerSlot(Artist a) private view returns (bytes32) {
        for (uint256 slot; slot < 32; ++slot) {
            if (uint256(vm.load(address(a), bytes32(slot))) == 1) return bytes32(slot);
        }
        revert NotTrue("the owner is in a slot");
    }
}
