// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {OneTab} from "../../support/OneTab.sol";

contract SettleFromBatchTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
    }

    function test_RevertWhen_TheCallerIsNotTheContractItself() public {
        bytes memory input = abi.encodeCall(tabs.settleFromBatch, (signed("", entry(1, 5))));
        bytes memory refusal = abi.encodeWithSelector(ITabs.OnlySelf.selector);
        address[3] memory callers = [LISTENER, CASHIER, ANYONE];
        for (uint256 i; i < callers.length; ++i) {
            refusesFrom(callers[i], input, refusal, "from the side");
        }
        isTab(UNITS, 0, 0, ITabs.TabState.Open, 0);
        eq(tabs.credit(1), 0, "nothing credited");
    }
}
