// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Artist} from "../../../src/Artist.sol";
import {ArtistRegistry} from "../../../src/ArtistRegistry.sol";
import {IArtist} from "../../../src/interfaces/IArtist.sol";
import {IArtistRegistry} from "../../../src/interfaces/IArtistRegistry.sol";
import {Wallet} from "../../support/Wallet.sol";
import {World} from "../../support/World.sol";

contract RegisterTest is World {
    uint256 private deadline;

    function setUp() public {
        deploy();
        deadline = block.timestamp + 1 hours;
    }

    function test_RelayedRegistrationDeploysTheOwnersContract() public {
        address expected = registry.predict(OWNER);
        bytes memory signature = registration(OWNER_KEY, "hana", PLATFORM, deadline);
        vm.expectEmit(address(registry));
        emit IArtistRegistry.ArtistRegistered(1, OWNER, expected, PLATFORM, "hana");
        vm.expectEmit(expected);
        emit IArtist.OwnershipTransferred(address(0), OWNER, 0);
        vm.prank(PLATFORM);
        (uint32 id, address at_) = registry.register(OWNER, "hana", PLATFORM, deadline, signature);

        Artist artist = Artist(at_);
        eq(id, 1, "id");
        eq(at_, expected, "predicted");
        eq(registry.artistOf(1), at_, "artistOf");
        eq(registry.idOf(PLATFORM, "hana"), 1, "idOf");
        eq(registry.artistCount(), 1, "count");
        eq(at_.code.length, 45, "an EIP-1167 clone");
        eq(artist.owner(), OWNER, "owner");
        eq(artist.artistId(), 1, "artistId");
        eq(artist.registry(), address(registry), "registry");
        eq(artist.token(), address(dollar), "token");
        eq(artist.splitDelay(), SPLIT_DELAY, "splitDelay");
        same(artist.domainSeparator(), domainOf("Ovation Artist", at_), "each clone signs for itself");
    }

    function test_OwnerRegistersWithoutSignature() public {
        vm.prank(OWNER);
        (uint32 id, address at_) = registry.register(OWNER, "hana", address(0), 0, "");
        eq(id, 1, "id");
        eq(Artist(at_).owner(), OWNER, "owner");
    }

    function test_ContractsOwnArtistsByEip1271() public {
        Wallet wallet = new Wallet(OWNER);
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Register(address owner,bytes32 handle,address registrar,uint256 deadline)"),
                address(wallet),
                bytes32("hana"),
                address(0),
                deadline
            )
        );
        bytes memory signature = sign(OWNER_KEY, typed(domainOf("Ovation Artist Registry", address(registry)), message));
        (, address at_) = registry.register(address(wallet), "hana", address(0), deadline, signature);
        eq(Artist(at_).owner(), address(wallet), "owner");
    }

    function test_IdsFollowEachOther_AndTheSameHandleLivesUnderEachRegistrar() public {
        registered(OWNER_KEY, "hana");
        vm.prank(LISTENER);
        (uint32 id,) = registry.register(LISTENER, "hana", LISTENER, 0, "");
        eq(id, 2, "id");
        vm.prank(STRANGER);
        (id,) = registry.register(STRANGER, "hana", address(0), 0, "");
        eq(id, 3, "id");
        eq(registry.idOf(PLATFORM, "hana"), 1, "the platform's hana");
        eq(registry.idOf(LISTENER, "hana"), 2, "the listener's hana");
        eq(registry.idOf(address(0), "hana"), 3, "nobody's hana");
    }

    /// The thief reads the platform's transaction in the mempool and sends it first.
    function test_RevertWhen_AThiefFrontRunsTheHandle() public {
        bytes memory signature = registration(OWNER_KEY, "hana", PLATFORM, deadline);
        vm.prank(STRANGER);
        refused(
            address(registry),
            abi.encodeCall(registry.register, (OWNER, "hana", PLATFORM, deadline, signature)),
            abi.encodeWithSelector(IArtistRegistry.NotRegistrar.selector, STRANGER, PLATFORM),
            "another caller"
        );
        vm.prank(STRANGER);
        refused(
            address(registry),
            abi.encodeCall(registry.register, (OWNER, "hana", STRANGER, deadline, signature)),
            abi.encodeWithSelector(IArtistRegistry.BadSignature.selector, OWNER),
            "another registrar"
        );
        vm.prank(STRANGER);
        refused(
            address(registry),
            abi.encodeCall(registry.register, (STRANGER, "hana", PLATFORM, 0, "")),
            abi.encodeWithSelector(IArtistRegistry.NotRegistrar.selector, STRANGER, PLATFORM),
            "another owner"
        );
        vm.prank(PLATFORM);
        registry.register(OWNER, "hana", PLATFORM, deadline, signature);
    }

    function test_RevertGiven_HandleTaken() public {
        registered(OWNER_KEY, "hana");
        bytes memory signature = registration(STRANGER_KEY, "hana", PLATFORM, deadline);
        vm.prank(PLATFORM);
        refused(
            address(registry),
            abi.encodeCall(registry.register, (STRANGER, "hana", PLATFORM, deadline, signature)),
            abi.encodeWithSelector(IArtistRegistry.HandleTaken.selector, PLATFORM, bytes32("hana"), 1),
            "taken"
        );
    }

    function test_RevertGiven_OwnerRegistered() public {
        Artist artist = registered(OWNER_KEY, "hana");
        vm.prank(OWNER);
        refused(
            address(registry),
            abi.encodeCall(registry.register, (OWNER, "hana2", address(0), 0, "")),
            abi.encodeWithSelector(IArtistRegistry.OwnerRegistered.selector, OWNER, address(artist)),
            "twice"
        );
    }

    function test_RevertWhen_OwnerIsZero() public {
        refused(
            address(registry),
            abi.encodeCall(registry.register, (address(0), "hana", address(0), deadline, "")),
            abi.encodeWithSelector(IArtistRegistry.OwnerMissing.selector),
            "zero"
        );
    }

    function test_RevertWhen_SignatureDoesNotFit() public {
        bytes memory good = registration(OWNER_KEY, "hana", address(0), deadline);
        bytes memory refusal = abi.encodeWithSelector(IArtistRegistry.BadSignature.selector, OWNER);
        bytes memory input = abi.encodeCall(registry.register, (OWNER, "hanna", address(0), deadline, good));
        refused(address(registry), input, refusal, "another handle");
        input = abi.encodeCall(registry.register, (OWNER, "hana", address(0), deadline + 1, good));
        refused(address(registry), input, refusal, "another deadline");
        input = abi.encodeCall(registry.register, (OWNER, "hana", address(0), deadline, ""));
        refused(address(registry), input, refusal, "none");
        vm.prank(OWNER);
        input = abi.encodeCall(registry.register, (OWNER, "hana", address(0), deadline, hex"00"));
        refused(address(registry), input, refusal, "a wrong one from the owner itself");
        input = abi.encodeCall(registry.register, (OWNER, "hana", address(0), deadline, good));
        vm.chainId(block.chainid + 1);
        refused(address(registry), input, refusal, "another chain");
        vm.chainId(block.chainid - 1);
        ArtistRegistry other = new ArtistRegistry(address(dollar), SPLIT_DELAY);
        refused(address(other), input, refusal, "another registry");
    }

    function test_RevertWhen_DeadlinePassedOrTooFar() public {
        bytes memory signature = registration(OWNER_KEY, "hana", address(0), START - 1);
        refused(
            address(registry),
            abi.encodeCall(registry.register, (OWNER, "hana", address(0), START - 1, signature)),
            abi.encodeWithSelector(IArtistRegistry.DeadlinePassed.selector, START - 1, START),
            "passed"
        );
        uint256 latest = START + 7 days;
        signature = registration(OWNER_KEY, "hana", address(0), latest + 1);
        refused(
            address(registry),
            abi.encodeCall(registry.register, (OWNER, "hana", address(0), latest + 1, signature)),
            abi.encodeWithSelector(IArtistRegistry.DeadlineTooFar.selector, latest + 1, latest),
            "too far"
        );
        registry.register(OWNER, "hana", address(0), latest, registration(OWNER_KEY, "hana", address(0), latest));
    }

    function test_RevertWhen_HandleIsMalformed() public {
        bytes32[10] memory bad = [
            bytes32(""),
            "ab",
            "Hana",
            "ha na",
            "ha-na",
            "hana!",
            hex"68616e6100616e61",
            "abcdefghijklmnopqrstuvwxyz01234",
            "h\xc3\xa4na",
            hex"0068616e61"
        ];
        for (uint256 i; i < bad.length; ++i) {
            vm.prank(OWNER);
            refused(
                address(registry),
                abi.encodeCall(registry.register, (OWNER, bad[i], address(0), 0, "")),
                abi.encodeWithSelector(IArtistRegistry.BadHandle.selector, bad[i]),
                "malformed"
            );
        }
        vm.prank(OWNER);
        registry.register(OWNER, "abcdefghijklmnopqrstuvwxyz_123", address(0), 0, "");
        vm.prank(STRANGER);
        registry.register(STRANGER, "0_a", address(0), 0, "");
    }

    /// Random bytes rarely make a handle: half of the runs map them into the alphabet and a length around the borders.
    function testFuzz_HandlesAreWhatTheRuleSays(bytes32 random, uint8 length, bool tame) public {
        bytes memory letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
        bytes memory name = abi.encodePacked(random);
        uint256 used = uint256(length) % 33;
        for (uint256 i; tame && i < 32; ++i) {
            name[i] = i < used ? letters[uint8(name[i]) % letters.length] : bytes1(0);
        }
        bytes32 handle = bytes32(name);
        vm.prank(OWNER);
        (bool accepted,) = address(registry).call(abi.encodeCall(registry.register, (OWNER, handle, address(0), 0, "")));
        ok(accepted == isHandle(handle, letters), "as the rule says");
    }

    /// Written as the rule reads: a word of 3 to 30 letters, then nothing but zeros.
    function isHandle(bytes32 handle, bytes memory letters) private pure returns (bool) {
        uint256 length = 32;
        while (length > 0 && handle[length - 1] == 0) --length;
        for (uint256 i; i < length; ++i) {
            bool found;
            for (uint256 l; l < letters.length; ++l) {
                found = found || handle[i] == letters[l];
            }
            if (!found) return false;
        }
        return length >= 3 && length <= 30;
    }
}
