// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Tabs} from "../../../src/Tabs.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {World} from "../../support/World.sol";

contract ConstructorTest is World {
    function setUp() public {
        deploy();
    }

    function test_RevertWhen_TheTreasuryIsMissing() public {
        bytes memory code = abi.encodePacked(
            type(Tabs).creationCode, abi.encode(address(dollar), address(registry), address(0), CHALLENGE)
        );
        vm.expectRevert(abi.encodeWithSelector(ITabs.TreasuryMissing.selector));
        assembly ("memory-safe") {
            pop(create(0, add(code, 32), mload(code)))
        }
    }

    function test_KeepsWhatItWasGiven() public view {
        eq(tabs.token(), address(dollar), "token");
        eq(tabs.registry(), address(registry), "registry");
        eq(tabs.treasury(), TREASURY, "treasury");
        eq(tabs.challenge(), CHALLENGE, "challenge");
    }
}
