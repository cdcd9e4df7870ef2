// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IArtist} from "../src/interfaces/IArtist.sol";
import {IArtistRegistry} from "../src/interfaces/IArtistRegistry.sol";
import {ITabs} from "../src/interfaces/ITabs.sol";

/// The cheat codes this script uses, and no more.
interface Vm {
    function readFile(string calldata path) external view returns (string memory);
    function trim(string calldata text) external pure returns (string memory);
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function startBroadcast() external;
    function stopBroadcast() external;
    function etch(address account, bytes calldata code) external;
    function setNonceUnsafe(address account, uint64 nonce) external;
}

interface IDomain {
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}

/// Deploys registry and tabs from the committed bytecode, and holds what stands on a chain against it. tools/deploy.mjs is how it
/// is called. It deploys no token: a token is money before it is named here.
contract Deploy {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    bool public constant IS_SCRIPT = true;
    /// The embedded chains' ids, drawn at random at their first start, begin here. Play money is worth something only there.
    uint256 private constant FIRST_EMBEDDED = 1_000_000_000;

    struct Terms {
        address token;
        string tokenName;
        string tokenVersion;
        address treasury;
        uint40 challenge;
        uint40 splitDelay;
    }

    error WrongChain(uint256 chainId, uint256 configured);
    error TreasuryMissing();
    error NotSensible(string what, uint256 value);
    error NotAToken(address token);
    error PlayMoney(address token, uint256 chainId);
    error WrongDecimals(uint8 decimals);
    error WrongDomain(string name, string version);
    error DeploymentFailed(string contract_);
    error WrongCode(string contract_, address where, bytes32 codeHash, bytes32 expected);
    error WrongView(string what);

    /// @param json the chain's configuration: deployments/<chain id>.json
    function run(string calldata json) external {
        Terms memory t = read(json);
        vm.startBroadcast();
        address registry = create("ArtistRegistry", abi.encode(t.token, t.splitDelay));
        address tabs = create("Tabs", abi.encode(t.token, registry, t.treasury, t.challenge));
        vm.stopBroadcast();
        check(t, registry, tabs);
    }

    /// Without sending anything: whether these contracts are what `run` deploys.
    function verify(string calldata json, address registry, address tabs) external {
        check(read(json), registry, tabs);
    }

    function read(string calldata json) private view returns (Terms memory t) {
        uint256 chainId = vm.parseJsonUint(json, ".chainId");
        require(chainId == block.chainid, WrongChain(block.chainid, chainId));
        t.token = vm.parseJsonAddress(json, ".token");
        t.tokenName = vm.parseJsonString(json, ".tokenName");
        t.tokenVersion = vm.parseJsonString(json, ".tokenVersion");
        t.treasury = vm.parseJsonAddress(json, ".treasury");
        require(t.treasury != address(0) && t.treasury != t.token, TreasuryMissing());
        t.challenge = seconds_(json, ".challengeSeconds");
        t.splitDelay = seconds_(json, ".splitDelaySeconds");
        checkToken(t);
    }

    /// Too short protects nobody; too long locks money up for ever.
    function seconds_(string calldata json, string memory key) private view returns (uint40) {
        uint256 value = vm.parseJsonUint(json, key);
        uint256 least = block.chainid >= FIRST_EMBEDDED ? 1 : 1 days;
        require(value >= least && value <= 60 days, NotSensible(key, value));
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint40(value); // at most 60 days
    }

    function checkToken(Terms memory t) private view {
        require(t.token.code.length != 0, NotAToken(t.token));
        (bool faucet,) = t.token.staticcall(abi.encodeWithSignature("FAUCET_MOST()"));
        require(!faucet || block.chainid >= FIRST_EMBEDDED, PlayMoney(t.token, block.chainid));
        uint8 decimals = IERC20Metadata(t.token).decimals();
        require(decimals == 6, WrongDecimals(decimals));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(t.tokenName)),
                keccak256(bytes(t.tokenVersion)),
                block.chainid,
                t.token
            )
        );
        require(IDomain(t.token).DOMAIN_SEPARATOR() == domain, WrongDomain(t.tokenName, t.tokenVersion));
        require(!IERC3009(t.token).authorizationState(address(1), 0), NotAToken(t.token)); // reverts without EIP-3009
    }

    function creation(string memory name, bytes memory arguments) private view returns (bytes memory) {
        string memory hex_ = vm.readFile(string.concat("bytecode/", name, ".hex"));
        return abi.encodePacked(vm.parseBytes(vm.trim(hex_)), arguments);
    }

    function create(string memory name, bytes memory arguments) private returns (address made) {
        bytes memory code = creation(name, arguments);
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), DeploymentFailed(name));
    }

    function check(Terms memory t, address registry, address tabs) private {
        address implementation = IArtistRegistry(registry).implementation();
        require(IArtistRegistry(registry).token() == t.token, WrongView("the registry's token"));
        require(IArtist(implementation).registry() == registry, WrongView("the implementation's registry"));
        require(IArtist(implementation).token() == t.token, WrongView("the implementation's token"));
        require(IArtist(implementation).splitDelay() == t.splitDelay, WrongView("the implementation's split delay"));
        require(ITabs(tabs).token() == t.token, WrongView("the tabs' token"));
        require(ITabs(tabs).registry() == registry, WrongView("the tabs' registry"));
        require(ITabs(tabs).treasury() == t.treasury, WrongView("the tabs' treasury"));
        require(ITabs(tabs).challenge() == t.challenge, WrongView("the tabs' challenge"));

        (bytes32 registryHash, bytes32 artistHash, bytes32 tabsHash) =
            (registry.codehash, implementation.codehash, tabs.codehash);
        // the registry makes its implementation: room for it to be made once more, at the same address
        vm.etch(implementation, "");
        vm.setNonceUnsafe(implementation, 0);
        again("ArtistRegistry", registry, registryHash, abi.encode(t.token, t.splitDelay));
        bytes32 expected = implementation.codehash;
        require(artistHash == expected, WrongCode("Artist", implementation, artistHash, expected));
        again("Tabs", tabs, tabsHash, abi.encode(t.token, registry, t.treasury, t.challenge));
    }

    /// Runs the committed creation code at the very address, in this script's own copy of the chain: what it returns there has
    /// the same immutables, so the code must be equal to the byte.
    function again(string memory name, address where, bytes32 found, bytes memory arguments) private {
        vm.etch(where, creation(name, arguments));
        vm.setNonceUnsafe(where, 1);
        (bool good, bytes memory code) = where.call("");
        require(good, DeploymentFailed(name));
        vm.etch(where, code);
        require(found == keccak256(code), WrongCode(name, where, found, keccak256(code)));
    }
}
