// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITabs} from "../interfaces/ITabs.sol";

/// @title Lists of (uint32 artistId, uint48 cumulative units), ids ascending: a grow-only counter per artist.
library Statements {
    /// Bytes of an entry.
    uint256 internal constant ENTRY = 10;
    uint256 internal constant MOST_ENTRIES = 500;

    /// @dev The per-artist maximum of two well-formed lists. Only a tab key that signed conflicting statements needs it.
    function union(bytes calldata a, bytes calldata b) internal pure returns (bytes memory merged) {
        merged = new bytes(a.length + b.length);
        uint256 n;
        uint256 i;
        uint256 j;
        while (i < a.length || j < b.length) {
            uint256 ea = i < a.length ? uint80(bytes10(a[i:i + ENTRY])) : 1 << 80;
            uint256 eb = j < b.length ? uint80(bytes10(b[j:j + ENTRY])) : 1 << 80;
            uint256 e = ea >> 48 == eb >> 48 ? (ea > eb ? ea : eb) : (ea < eb ? ea : eb);
            if (ea >> 48 == e >> 48) i += ENTRY;
            if (eb >> 48 == e >> 48) j += ENTRY;
            for (uint256 k; k < ENTRY; ++k) {
                // forge-lint: disable-next-line(unsafe-typecast)
                merged[n + k] = bytes1(uint8(e >> (72 - 8 * k))); // one byte at a time
            }
            n += ENTRY;
        }
        // each later settlement brings this list as `prev`: it must stay as short as a statement
        require(n <= MOST_ENTRIES * ENTRY, ITabs.TooManyEntries(n / ENTRY, MOST_ENTRIES));
        assembly ("memory-safe") {
            mstore(merged, n)
        }
    }
}
