// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "../../support/World.sol";

contract TokenTest is World {
    function setUp() public {
        deploy();
    }

    function test_LooksLikeADollar() public view {
        eq(dollar.decimals(), 6, "decimals");
        same(keccak256(bytes(dollar.name())), keccak256("Dev Dollar"), "name");
        same(keccak256(bytes(dollar.symbol())), keccak256("DUSD"), "symbol");
        same(dollar.DOMAIN_SEPARATOR(), domainOf("Dev Dollar", address(dollar)), "domain");
    }

    function test_PermitGivesAnAllowance() public {
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                LISTENER,
                address(tabs),
                5,
                0,
                START
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(LISTENER_KEY, typed(domainOf("Dev Dollar", address(dollar)), message));
        dollar.permit(LISTENER, address(tabs), 5, START, v, r, s);
        eq(dollar.allowance(LISTENER, address(tabs)), 5, "allowed");
    }
}
