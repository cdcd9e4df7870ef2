// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What artists are owed: four of them in a slot, so that a statement touches a quarter of the storage.
/// @dev Slot = id / 4, lane = id % 4, 64 bits a lane. The low 62 bits are units: 4.6 trillion whole dollars, more than exist of
/// any token, and what is credited is held. Bit 62 is a guard: a lane that reaches it shows, and the call reverts, before any
/// later call could carry into the neighbour (a call adds less than 2^48 to a lane, see `add`). Bit 63 of lane 3 marks the slot
/// as used: it never returns to zero, so the credit after a pay-out is 17,100 gas cheaper.
library Credits {
    /// @param slots a plain array: no hash per entry
    struct Book {
        uint256[1_073_741_824] slots;
    }

    uint256 private constant USED = 1 << 255;
    uint256 private constant GUARDS = 0x4000000000000000_4000000000000000_4000000000000000_4000000000000000;
    uint256 private constant LANE = 0x3fffffffffffffff;

    function owed(Book storage book, uint256 id) internal view returns (uint256 units) {
        return book.slots[id >> 2] >> (id & 3) * 64 & LANE;
    }

    /// @dev `units` are at most what is there.
    function take(Book storage book, uint256 id, uint256 units) internal {
        book.slots[id >> 2] -= units << (id & 3) * 64;
    }

    /// @dev `units` are what was taken a moment ago.
    function giveBack(Book storage book, uint256 id, uint256 units) internal {
        book.slots[id >> 2] += units << (id & 3) * 64;
    }

    /// @notice Credits each artist of the signed list `b` with what exceeds its entry in the settled list `a`: `growth` in all.
    /// `sum` is what `b` amounts to, or 0 when its ids do not strictly ascend or an entry is zero. `forked`: `b` lacks an entry of
    /// `a` or has less for it, so the merged list is not `b`. `written`: the bits of all words written, for `isFull`.
    /// @dev The caller reverts when `sum` is 0 or `isFull(written)`. Ids ascend, so a lane is met once, with less than 2^48 units,
    /// and entries that share a slot follow each other: the slot's word stays in a local until the next slot begins.
    function add(Book storage book, bytes calldata a, bytes calldata b)
        internal
        returns (uint256 growth, uint256 sum, bool forked, uint256 written)
    {
        assembly ("memory-safe") {
            a.length := add(a.offset, a.length) // from here on where the lists end; the offsets walk
            b.length := add(b.offset, b.length)
            // an entry is an 80-bit word, id above units; bit 80 stands for the end of the list
            let ea := or(shr(176, calldataload(a.offset)), shl(80, iszero(lt(a.offset, a.length))))
            let highest := 0 // the highest word an entry with the last id could be
            let slot := 0 // none: the book begins elsewhere
            let word := 0
            for {} lt(b.offset, b.length) { b.offset := add(b.offset, 10) } {
                let eb := shr(176, calldataload(b.offset))
                let units := and(eb, 0xffffffffffff)
                if iszero(mul(units, gt(eb, highest))) {
                    sum := 0
                    break
                }
                sum := add(sum, units)
                highest := or(eb, 0xffffffffffff)
                if iszero(gt(ea, highest)) {
                    for {} lt(ea, sub(eb, units)) {} {
                        forked := 1
                        a.offset := add(a.offset, 10)
                        ea := or(shr(176, calldataload(a.offset)), shl(80, iszero(lt(a.offset, a.length))))
                    }
                    if iszero(gt(ea, highest)) {
                        let had := and(ea, 0xffffffffffff)
                        a.offset := add(a.offset, 10)
                        ea := or(shr(176, calldataload(a.offset)), shl(80, iszero(lt(a.offset, a.length))))
                        if iszero(gt(units, had)) {
                            forked := or(forked, lt(units, had))
                            growth := sub(growth, units)
                            continue
                        }
                        growth := sub(growth, had)
                        units := sub(units, had)
                    }
                }
                let next := add(book.slot, shr(50, eb))
                if sub(next, slot) {
                    if slot {
                        sstore(slot, word)
                        written := or(written, word)
                    }
                    slot := next
                    word := or(sload(next), USED)
                }
                word := add(word, shl(and(shr(42, eb), 0xc0), units))
            }
            if slot {
                sstore(slot, word)
                written := or(written, word)
            }
            if iszero(shr(80, ea)) { forked := 1 }
            growth := add(growth, sum) // until here what of `sum` is no growth, negative
        }
    }

    /// @notice Whether one of the words has a lane at its guard.
    function isFull(uint256 written) internal pure returns (bool) {
        return written & GUARDS != 0;
    }
}
