// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITabs} from "../../src/interfaces/ITabs.sol";
import {Tabs} from "../../src/Tabs.sol";
import {Handler} from "./Handler.sol";

/// Listeners, artists, a cashier and passers-by doing anything at any time, and a plain record of what they did.
contract TabsHandler is Handler {
    uint256 public constant TABS = 4;
    uint256 public constant ARTISTS = 5;
    uint256 private constant MOST = 1e9;

    address[TABS] public listener;
    ITabs.TabKey[TABS] private _keys;
    mapping(uint256 tab => mapping(uint256 artist => uint256)) public best; // largest amount ever settled
    mapping(uint256 tab => uint256) public deposited;
    mapping(uint256 artist => uint256) public earned; // over all tabs, closed ones too
    mapping(uint256 artist => uint256) public paid;
    mapping(uint256 tab => uint256) public refunds; // how often
    mapping(uint256 tab => bytes[]) public signedLists;
    bool public moved; // something did that a replay touched
    uint256 public minted;
    bytes32[] public closed;
    uint256 private _salt;

    constructor() {
        deploy();
        for (uint256 i; i < ARTISTS; ++i) {
            registered(0x1000 + i, bytes32(abi.encodePacked("artist", bytes1(uint8(0x61 + i)))));
        }
        for (uint256 i; i < TABS; ++i) {
            listener[i] = vm.addr(0x2000 + i);
            renew(i);
        }
    }

    // ---- what the invariants read

    function theTabs() external view returns (Tabs) {
        return tabs;
    }

    function balance(address who) public view returns (uint256) {
        return dollar.balanceOf(who);
    }

    function payee(uint256 artist) public view returns (address) {
        return artist == 0 ? TREASURY : registry.artistOf(uint32(artist));
    }

    function tab(uint256 i) public view returns (ITabs.Tab memory) {
        return tabs.tab(tabIdOf(_keys[i]));
    }

    function feeBps(uint256 i) external view returns (uint256) {
        return _keys[i].feeBps;
    }

    function merged(uint256 i) public view returns (bytes memory list) {
        for (uint256 a; a <= ARTISTS; ++a) {
            if (best[i][a] != 0) list = bytes.concat(list, entry(a, best[i][a]));
        }
    }

    function closedCount() external view returns (uint256) {
        return closed.length;
    }

    // ---- what may happen

    function open(uint256 i, uint256 units, uint256 relayed) external {
        i %= TABS;
        if (tab(i).state == ITabs.TabState.Closed) renew(i);
        if (tab(i).state != ITabs.TabState.None) return;
        units = bound(units, 1_000_000, MOST);
        mint(listener[i], units);
        ITabs.TabKey memory k = _keys[i];
        uint64 u = uint64(units);
        if (relayed % 2 == 0) {
            bytes memory signature = opening(0x2000 + i, k, u, block.timestamp + 1);
            tabs.openWithAuthorization(k, u, block.timestamp + 1, signature);
        } else {
            vm.prank(listener[i]);
            dollar.approve(address(tabs), units);
            vm.prank(listener[i]);
            tabs.open(k, u);
        }
        deposited[i] = units;
        happened();
    }

    function topUp(uint256 i, uint256 units) external {
        i %= TABS;
        if (tab(i).state != ITabs.TabState.Open) return;
        units = bound(units, 1, MOST);
        mint(ANYONE, units);
        vm.prank(ANYONE);
        dollar.approve(address(tabs), units);
        vm.prank(ANYONE);
        tabs.topUp(_keys[i], uint64(units));
        deposited[i] += units;
        happened();
    }

    /// Any list the tab key might sign: partial, forked, stale, too large; settled by anybody or in the cashier's batch.
    function settle(uint256 i, uint256 mask, uint256 seed, uint256 batch) external {
        i %= TABS;
        bytes memory list;
        for (uint256 a = 1; a <= ARTISTS; ++a) {
            if (mask >> a & 1 == 1) {
                list = bytes.concat(list, entry(a, 1 + uint256(keccak256(abi.encode(seed, a))) % 1e8));
            }
        }
        if (list.length == 0) return;
        list = withFee(list, _keys[i].feeBps);
        uint256 growth = growthOf(i, list);
        ITabs.Tab memory t = tab(i);
        bool live = t.state == ITabs.TabState.Open || t.state == ITabs.TabState.Closing;
        bool fits = live && t.settled + growth <= t.deposit;
        ITabs.Item memory item = signedItem(_keys[i], 0x3000 + i, merged(i), list);
        if (batch % 2 == 0) {
            vm.prank(CASHIER);
            tabs.settleBatch(one(item));
        } else {
            bytes memory signature = countersigned(item);
            vm.prank(ANYONE);
            (bool good,) = address(tabs).call(abi.encodeCall(tabs.settle, (item, signature)));
            ok(good == fits, "settles exactly what fits");
        }
        if (!fits) return;
        if (growth != 0) happened();
        learn(i, list);
        signedLists[i].push(list);
    }

    /// Everything ever settled on a tab, once more and in another order: nothing changes.
    function replay(uint256 i, uint256 from) external {
        i %= TABS;
        ITabs.Tab memory before = tab(i);
        uint256 count = signedLists[i].length;
        if (count == 0 || before.state == ITabs.TabState.Closed) return;
        uint256[ARTISTS + 1] memory credits;
        for (uint256 a; a <= ARTISTS; ++a) {
            credits[a] = tabs.credit(uint32(a));
        }
        for (uint256 n; n < count && n < 4; ++n) {
            uint256 which = (from % count + n * (count - 1)) % count; // backwards from anywhere
            ITabs.Item memory item = signedItem(_keys[i], 0x3000 + i, merged(i), signedLists[i][which]);
            if (tabs.settle(item, countersigned(item)) != 0) moved = true;
        }
        for (uint256 a; a <= ARTISTS; ++a) {
            if (tabs.credit(uint32(a)) != credits[a]) moved = true;
        }
        if (keccak256(abi.encode(tab(i))) != keccak256(abi.encode(before))) moved = true;
        happened();
    }

    function announceClose(uint256 i) external {
        i %= TABS;
        if (tab(i).state != ITabs.TabState.Open) return;
        vm.prank(listener[i]);
        tabs.announceClose(_keys[i]);
        happened();
    }

    function finishClose(uint256 i, uint256 wait) external {
        i %= TABS;
        vm.warp(block.timestamp + wait % 6 days);
        ITabs.Tab memory t = tab(i);
        bool may = t.state == ITabs.TabState.Closing && block.timestamp >= t.closesAt;
        uint256 before = balance(listener[i]);
        (bool good,) = address(tabs).call(abi.encodeCall(tabs.finishClose, (_keys[i])));
        ok(good == may, "closes exactly when it may");
        if (!good) return;
        eq(balance(listener[i]) - before, t.deposit - t.settled, "the refund is the rest");
        closed.push(tabIdOf(_keys[i]));
        ++refunds[i];
        happened();
    }

    function payOut(uint256 artist) external {
        artist %= ARTISTS + 2; // one id that nobody has
        if (artist > ARTISTS) artist = 999;
        uint256 before = balance(payee(artist));
        tabs.payOut(ids(uint32(artist)));
        if (artist > ARTISTS) return;
        if (balance(payee(artist)) != before) happened();
        paid[artist] += balance(payee(artist)) - before;
    }

    // ---- the record

    function renew(uint256 i) private {
        _keys[i] = tabKey(listener[i], 0x3000 + i, uint16(i * 333), bytes32(++_salt));
        for (uint256 a; a <= ARTISTS; ++a) {
            best[i][a] = 0;
        }
        (deposited[i], refunds[i]) = (0, 0);
        delete signedLists[i];
    }

    function mint(address to, uint256 units) private {
        dollar.faucet(to, units);
        minted += units;
    }

    function growthOf(uint256 i, bytes memory list) private view returns (uint256 growth) {
        for (uint256 at_; at_ < list.length; at_ += 10) {
            uint256 had = best[i][idAt(list, at_)];
            if (unitsAt(list, at_) > had) growth += unitsAt(list, at_) - had;
        }
    }

    function learn(uint256 i, bytes memory list) private {
        for (uint256 at_; at_ < list.length; at_ += 10) {
            (uint256 a, uint256 units) = (idAt(list, at_), unitsAt(list, at_));
            if (units <= best[i][a]) continue;
            earned[a] += units - best[i][a];
            best[i][a] = units;
        }
    }
}
