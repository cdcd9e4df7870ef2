// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Check} from "../support/Check.sol";

/// INVARIANTS.md and the code name the same invariants, in the same order.
contract ListedTest is Check {
    function test_TheListAndTheCodeAgree() public view {
        string memory listed = names(vm.readFile("INVARIANTS.md"), "`invariant_");
        string memory coded = string.concat(
            names(vm.readFile("test/invariants/TabsInvariants.t.sol"), "function invariant_"),
            names(vm.readFile("test/invariants/ArtistInvariants.t.sol"), "function invariant_")
        );
        ok(bytes(listed).length != 0, "something is listed");
        require(keccak256(bytes(listed)) == keccak256(bytes(coded)), NotTrue(string.concat(listed, " / ", coded)));
    }

    /// The words that follow `mark`, each with a space after it.
    function names(string memory text, string memory mark) private pure returns (string memory found) {
        (bytes memory t, bytes memory m) = (bytes(text), bytes(mark));
        for (uint256 i; i + m.length < t.length; ++i) {
            uint256 matched;
            while (matched < m.length && t[i + matched] == m[matched]) ++matched;
            if (matched < m.length) continue;
            bytes memory word;
            for (uint256 j = i + m.length; j < t.length && isLetter(t[j]); ++j) {
                word = bytes.concat(word, t[j]);
            }
            found = string.concat(found, string(word), " ");
        }
    }

    function isLetter(bytes1 c) private pure returns (bool) {
        return (c >= "0" && c <= "9") || (c >= "A" && c <= "Z") || (c >= "a" && c <= "z") || c == "_";
    }
}
