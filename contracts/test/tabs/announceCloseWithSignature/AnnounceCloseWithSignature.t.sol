// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../../src/DevDollar.sol";
import {ITabs} from "../../../src/interfaces/ITabs.sol";
import {OneTab} from "../../support/OneTab.sol";
import {Tabs} from "../../../src/Tabs.sol";
import {Wallet} from "../../support/Wallet.sol";

contract AnnounceCloseWithSignatureTest is OneTab {
    function setUp() public {
        openOne(new DevDollar(), 0);
    }

    function closing(uint256 key, bytes32 tab, uint256 deadline) private view returns (bytes memory) {
        bytes32 message =
            keccak256(abi.encode(keccak256("AnnounceClose(bytes32 tabId,uint256 deadline)"), tab, deadline));
        return sign(key, typed(domainOf("Ovation Tabs", address(tabs)), message));
    }

    function input(uint256 deadline, bytes memory signature) private view returns (bytes memory) {
        return abi.encodeCall(tabs.announceCloseWithSignature, (k, deadline, signature));
    }

    function test_RevertWhen_TheDeadlineIsOver() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.DeadlinePassed.selector, START - 1, START);
        refuses(input(START - 1, closing(LISTENER_KEY, id, START - 1)), refusal, "a second late");
    }

    function test_RevertWhen_TheSignatureDoesNotFit() public {
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadListenerSignature.selector, LISTENER);
        bytes memory good = closing(LISTENER_KEY, id, START);
        refuses(input(START, closing(STRANGER_KEY, id, START)), refusal, "a stranger's");
        refuses(input(START, closing(CASHIER_KEY, id, START)), refusal, "the cashier's");
        refuses(input(START, closing(LISTENER_KEY, "other", START)), refusal, "another tab's");
        refuses(input(START + 1, good), refusal, "another deadline");
        refuses(input(START, bytes.concat(good, hex"00")), refusal, "66 bytes");
        refuses(input(START, ""), refusal, "none");
        vm.chainId(1);
        bytes memory elsewhere = closing(LISTENER_KEY, id, START);
        vm.chainId(31_337);
        refuses(input(START, elsewhere), refusal, "another chain");
        tabs = new Tabs(address(dollar), address(registry), TREASURY, CHALLENGE);
        opened(0, "", UNITS);
        watch();
        refuses(input(START, good), refusal, "another contract");
    }

    function test_RevertGiven_TheTabIsNotOpen() public {
        bytes memory good = input(START, closing(LISTENER_KEY, id, START));
        done(address(tabs), good);
        refuses(good, notOpen(k, ITabs.TabState.Closing), "again");
    }

    function test_TheListenersSignatureCloses() public {
        vm.expectEmit(address(tabs));
        emit ITabs.CloseAnnounced(id, uint40(START) + CHALLENGE);
        vm.prank(ANYONE);
        eq(done(address(tabs), input(START, closing(LISTENER_KEY, id, START))).length, 0, "nothing is returned");
        isTab(UNITS, 0, START + CHALLENGE, ITabs.TabState.Closing, 0);
        onlyThatMoved();
    }

    function test_AContractListenerSignsByEip1271() public {
        Wallet wallet = new Wallet(LISTENER);
        k = tabKey(address(wallet), TAB_KEY, 0, "");
        id = tabIdOf(k);
        fund(address(wallet), UNITS);
        vm.startPrank(address(wallet));
        dollar.approve(address(tabs), UNITS);
        tabs.open(k, UNITS);
        vm.stopPrank();
        watch();
        bytes memory refusal = abi.encodeWithSelector(ITabs.BadListenerSignature.selector, address(wallet));
        refuses(input(START, closing(STRANGER_KEY, id, START)), refusal, "a stranger's");
        done(address(tabs), input(START, closing(LISTENER_KEY, id, START)));
        isTab(UNITS, 0, START + CHALLENGE, ITabs.TabState.Closing, 0);
    }
}
