// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevDollar} from "../../src/DevDollar.sol";
import {ITabs} from "../../src/interfaces/ITabs.sol";
import {OneTab} from "../support/OneTab.sol";
import {Vm} from "../support/Vm.sol";

/// Everything Tabs knows, made again from its logs alone.
contract RebuiltTest is OneTab {
    mapping(bytes32 tab => ITabs.Tab) private _tabs;
    mapping(bytes32 tab => mapping(uint256 artist => uint256)) private _best;
    mapping(uint256 artist => uint256) private _owed;
    bytes32[] private _known;

    function test_LogsTellAllOfTabs() public {
        vm.recordLogs();
        openOne(new DevDollar(), 500);
        live();
        rebuild(vm.getRecordedLogs());
        eq(_known.length, 3, "all tabs");
        for (uint256 i; i < _known.length; ++i) {
            same(keccak256(abi.encode(tabs.tab(_known[i]))), keccak256(abi.encode(_tabs[_known[i]])), "a tab");
        }
        for (uint32 a; a <= 5; ++a) {
            eq(tabs.credit(a), _owed[a], "a credit");
        }
        ok(_owed[0] != 0 && _owed[3] != 0 && _owed[1] == 0, "some were paid, some are owed");
    }

    /// Openings, a top-up, a batch with a bad item, a fork, a replay, pay-outs that fail and succeed, a close.
    function live() private {
        ITabs.TabKey memory k2 = opened(0, "2", UNITS);
        ITabs.TabKey memory k3 = opened(100, "3", UNITS);
        fund(ANYONE, 500);
        vm.startPrank(ANYONE);
        dollar.approve(address(tabs), 500);
        tabs.topUp(k3, 500);
        vm.stopPrank();
        bytes memory first = withFee(bytes.concat(entry(1, 10_000), entry(3, 30_000)), 500);
        settle("", first);
        settle(first, first);
        ITabs.Item[] memory batch = new ITabs.Item[](3);
        batch[0] = signedItem(k2, TAB_KEY, "", entry(2, 7));
        batch[1] = signedItem(k3, TAB_KEY, "", entry(1, UNITS * 2));
        batch[2] = signed(first, withFee(bytes.concat(entry(2, 20_000), entry(3, 1)), 500)); // a fork
        vm.prank(CASHIER);
        tabs.settleBatch(batch);
        tabs.payOut(ids(1));
        vm.prank(LISTENER);
        tabs.announceClose(k2);
        vm.warp(block.timestamp + CHALLENGE);
        tabs.finishClose(k2);
        announce();
    }

    function rebuild(Vm.Log[] memory logs) private {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == address(tabs)) learn(logs[i]);
        }
    }

    function learn(Vm.Log memory log) private {
        (bytes32 kind, bytes32 tab) = (log.topics[0], log.topics[1]);
        ITabs.Tab storage t = _tabs[tab];
        if (kind == ITabs.TabOpened.selector) {
            (,,,, uint64 units) = abi.decode(log.data, (bytes32, bytes32, uint16, bytes32, uint64));
            (t.deposit, t.state) = (units, ITabs.TabState.Open);
            _known.push(tab);
        } else if (kind == ITabs.TabToppedUp.selector) {
            t.deposit += abi.decode(log.data, (uint64));
        } else if (kind == ITabs.Settled.selector) {
            (bytes32 hash,, uint64 delta) = abi.decode(log.data, (bytes32, bytes32, uint64));
            (t.settledHash, t.settled) = (hash, t.settled + delta);
        } else if (kind == ITabs.SettledList.selector) {
            bytes memory list = abi.decode(log.data, (bytes));
            for (uint256 at_; at_ < list.length; at_ += 10) {
                (uint256 a, uint256 units) = (idAt(list, at_), unitsAt(list, at_));
                if (units <= _best[tab][a]) continue;
                _owed[a] += units - _best[tab][a];
                _best[tab][a] = units;
            }
        } else if (kind == ITabs.PaidOut.selector) {
            _owed[uint256(tab)] -= abi.decode(log.data, (uint256)); // here the topic is an artist's id
        } else if (kind == ITabs.CloseAnnounced.selector) {
            (t.closesAt, t.state) = (abi.decode(log.data, (uint40)), ITabs.TabState.Closing);
        } else if (kind == ITabs.TabClosed.selector) {
            t.state = ITabs.TabState.Closed;
        }
    }
}
