// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DevDollar} from "../../../src/DevDollar.sol";
import {Balances} from "../../support/Balances.sol";

contract FaucetTest is Balances {
    uint256 private most;

    function setUp() public {
        deploy();
        most = dollar.FAUCET_MOST();
        eq(most, 10_000_000_000, "10,000.000000");
        watch();
    }

    function test_RevertWhen_TheAmountIsAboveTheCap() public {
        refused(
            address(dollar),
            abi.encodeCall(dollar.faucet, (LISTENER, most + 1)),
            abi.encodeWithSelector(DevDollar.FaucetTooMuch.selector, most + 1, most),
            "a unit more"
        );
        onlyThatMoved();
    }

    function test_TheFaucetGivesUpToItsCap() public {
        vm.expectEmit(address(dollar));
        emit IERC20.Transfer(address(0), LISTENER, most);
        vm.prank(ANYONE);
        eq(done(address(dollar), abi.encodeCall(dollar.faucet, (LISTENER, most))).length, 0, "nothing is returned");
        eq(dollar.balanceOf(LISTENER), most, "given");
        eq(dollar.totalSupply(), most, "made");
    }
}
