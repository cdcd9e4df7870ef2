// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Artist} from "../../../src/Artist.sol";
import {IArtistRegistry} from "../../../src/interfaces/IArtistRegistry.sol";
import {World} from "../../support/World.sol";

contract RegistryViewsTest is World {
    function setUp() public {
        deploy();
    }

    function test_WhoIsNotRegisteredIsNobody() public view {
        eq(registry.artistCount(), 0, "count");
        eq(registry.artistOf(0), address(0), "no artist 0");
        eq(registry.artistOf(1), address(0), "no artist 1");
        eq(registry.idOf(PLATFORM, "hana"), 0, "no hana");
    }

    function test_ThePredictedAddressIsTheOnesItGets() public {
        address expected = registry.predict(OWNER);
        ok(expected != registry.predict(STRANGER), "each owner's is another");
        eq(address(registered(OWNER_KEY, "hana")), expected, "as predicted");
        eq(registry.predict(OWNER), expected, "and stays so");
    }

    function test_ItNamesTokenAndImplementation() public {
        eq(registry.token(), address(dollar), "token");
        Artist shared = Artist(registry.implementation());
        eq(shared.registry(), address(registry), "the implementation's registry");
        bytes memory clone =
            abi.encodePacked(hex"363d3d373d3d3d363d73", address(shared), hex"5af43d82803e903d91602b57fd5bf3");
        same(keccak256(address(registered(OWNER_KEY, "hana")).code), keccak256(clone), "an EIP-1167 clone of it");
    }

    function test_ItSaysWhichInterfacesItHas() public view {
        ok(registry.supportsInterface(type(IArtistRegistry).interfaceId), "IArtistRegistry");
        ok(registry.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        ok(!registry.supportsInterface(0xffffffff), "no such interface");
    }
}
