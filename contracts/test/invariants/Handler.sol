// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "../support/World.sol";

/// Counts what happened, so that no invariant holds because nothing did.
abstract contract Handler is World {
    mapping(bytes4 call => uint256) public times;

    /// Call where an action did what it is for; early returns and refusals do not count.
    function happened() internal {
        ++times[msg.sig];
    }
}
