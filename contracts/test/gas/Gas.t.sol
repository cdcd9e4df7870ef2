// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArtist} from "../../src/interfaces/IArtist.sol";
import {ITabs} from "../../src/interfaces/ITabs.sol";
import {ArtistWorld} from "../support/ArtistWorld.sol";

/// What the platform pays for the calls it relays, whole transactions (run with --isolate). Keys are held stable: DESIGN 7.
/// Settling is measured as it mostly is: the tab's first settlement, artists who were credited before, a fee of 5%.
contract GasTest is ArtistWorld {
    uint256 private constant POPULATION = 10_000;
    uint16 private constant FEE = 500;

    function setUp() public override {
        deploy();
        registered(0x1000, "somebody_else"); // the first of everything is dearer, and happens once
        artist = registered(OWNER_KEY, "hana");
        deadline = block.timestamp + 1 hours;
    }

    function snap(string memory key) private {
        vm.snapshotGasLastCall("gas", key);
    }

    function test_Register() public {
        bytes memory signature = registration(STRANGER_KEY, "ori", PLATFORM, deadline);
        vm.prank(PLATFORM);
        registry.register(STRANGER, "ori", PLATFORM, deadline, signature);
        snap("register");
    }

    function test_Publish() public {
        IArtist.SongInput[] memory list = songs(1);
        artist.publishWithSignature(list, 0, deadline, publication(artist, OWNER_KEY, list, 0, deadline));
        bytes memory signature = publication(artist, OWNER_KEY, list, 1, deadline);
        artist.publishWithSignature(list, 1, deadline, signature);
        snap("publish one song");
        list = songs(12);
        signature = publication(artist, OWNER_KEY, list, 2, deadline);
        artist.publishWithSignature(list, 2, deadline, signature);
        snap("publish 12 songs");
    }

    function test_BuyALicence() public {
        readyToSell();
        for (uint256 song = 1; song <= 2; ++song) {
            bytes memory signature = purchase(artist, song, PRICE);
            artist.buyWithAuthorization(song, LISTENER, PRICE, deadline, signature);
            snap(song == 1 ? "buy a licence" : "buy another licence");
        }
    }

    function test_BuyAtATill() public {
        readyToSell();
        for (uint256 song = 1; song <= 2; ++song) {
            bytes32 quote = keccak256(abi.encode("quote", song));
            address till = tillOf(artist, song, quote, PLATFORM);
            IArtist.TillPayment memory p = tillPayment(LISTENER_KEY, till, PRICE, 0, quote);
            vm.prank(PLATFORM);
            artist.buyAtTill(song, quote, p);
            snap(song == 1 ? "buy at a till" : "buy another at a till");
        }
    }

    /// The artist's purse is no new one, and nor is the listener's.
    function readyToSell() private {
        vm.prank(OWNER);
        artist.publish(songs(2));
        dollar.faucet(address(artist), 1);
        fund(LISTENER, 10_000_000);
    }

    function test_OpenATab() public {
        opened(FEE, "before", 5_000_000);
        fund(LISTENER, 10_000_000);
        ITabs.TabKey memory k = tabKey(LISTENER, TAB_KEY, FEE, "");
        bytes memory signature = opening(LISTENER_KEY, k, 5_000_000, deadline);
        tabs.openWithAuthorization(k, 5_000_000, deadline, signature);
        snap("open a tab");
    }

    function test_Withdraw() public {
        dollar.faucet(address(artist), 2_000);
        string memory type_ = string.concat("Withdraw(address payee,address to,uint256 amount,", TAIL);
        for (uint256 nonce; nonce < 2; ++nonce) {
            bytes memory fields = abi.encode(OWNER, OWNER, 1_000);
            bytes memory signature = signedFor(artist, OWNER_KEY, type_, fields, nonce, deadline);
            artist.withdrawWithSignature(OWNER, OWNER, 1_000, nonce, deadline, signature);
        }
        dollar.faucet(address(artist), 2_000);
        bytes memory last = signedFor(artist, OWNER_KEY, type_, abi.encode(OWNER, OWNER, 1_000), 2, deadline);
        artist.withdrawWithSignature(OWNER, OWNER, 1_000, 2, deadline, last);
        snap("withdraw");
    }

    // ---- settling

    function test_Settle40Tabs() public {
        populate();
        ITabs.Item[] memory batch = new ITabs.Item[](40);
        for (uint256 i; i < 40; ++i) {
            batch[i] = filled(i, entries(1, 200, 20_000));
        }
        vm.prank(CASHIER);
        tabs.settleBatch(batch);
        snap("settle 40 tabs x 200 artists");
        eq(tabs.credit(1), 1 + 40 * 20_000, "settled");
    }

    function test_Settle20Tabs() public {
        populate();
        ITabs.Item[] memory batch = new ITabs.Item[](20);
        uint256 before = sumOfCredits();
        for (uint256 i; i < 20; ++i) {
            batch[i] = filled(i, zipf(i, 200, 20_000));
        }
        vm.prank(CASHIER);
        tabs.settleBatch(batch);
        snap("settle 20 tabs x 200 artists");
        eq(sumOfCredits() - before, 20 * 200 * 21_000, "settled");
    }

    function filled(uint256 i, bytes memory list) private returns (ITabs.Item memory) {
        return signedItem(opened(FEE, bytes32(i + 1), 100_000_000), TAB_KEY, "", withFee(list, FEE));
    }

    /// Ten thousand artists, each credited once. The count is put in place: registering them all would only take time.
    function populate() private {
        vm.store(address(registry), bytes32(uint256(2)), bytes32(POPULATION));
        eq(registry.artistCount(), POPULATION, "the slot of artistCount");
        ITabs.TabKey memory k = opened(0, "seed", 1_000_000);
        bytes memory prev;
        for (uint256 first = 1; first < POPULATION; first += 500) {
            ITabs.TabKey memory seed = first == 1 ? k : opened(0, bytes32(first << 128), 1_000_000);
            ITabs.Item memory item = signedItem(seed, TAB_KEY, prev, entries(first, 500, 1));
            tabs.settle(item, countersigned(item));
        }
        k = opened(FEE, "seed fee", 1_000_000);
        ITabs.Item memory fee = signedItem(k, TAB_KEY, "", withFee(entry(POPULATION, 1_000), FEE));
        tabs.settle(fee, countersigned(fee));
    }

    function sumOfCredits() private view returns (uint256 sum) {
        for (uint32 a; a <= POPULATION; ++a) {
            sum += tabs.credit(a);
        }
    }

    /// `count` different artists of the population, drawn log-uniformly (Zipf's law with exponent 1), in ascending order.
    function zipf(uint256 seed, uint256 count, uint256 units) private pure returns (bytes memory list) {
        bool[] memory chosen = new bool[](POPULATION + 1);
        uint256 have;
        for (uint256 t; have < count; ++t) {
            uint256 h = uint256(keccak256(abi.encode(seed, t)));
            uint256 octave = h % 14; // 2^14 is just above the population
            uint256 id = (1 << octave) + (h >> 64) % (1 << octave);
            if (id > POPULATION || chosen[id]) continue;
            chosen[id] = true;
            ++have;
        }
        for (uint256 id = 1; id <= POPULATION; ++id) {
            if (chosen[id]) list = bytes.concat(list, entry(id, units));
        }
    }
}
