// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Artist} from "./Artist.sol";
import {IArtist} from "./interfaces/IArtist.sol";
import {IArtistRegistry} from "./interfaces/IArtistRegistry.sol";
import {Signatures} from "./libraries/Signatures.sol";

/// @title Gives every artist a number and a contract of their own. The public page is `IArtistRegistry`.
contract ArtistRegistry is IArtistRegistry, EIP712 {
    bytes32 private constant REGISTER =
        keccak256("Register(address owner,bytes32 handle,address registrar,uint256 deadline)");
    uint256 private constant LONGEST_DEADLINE = 7 days;

    /// @inheritdoc IArtistRegistry
    address public immutable implementation;
    /// @inheritdoc IArtistRegistry
    address public immutable token;

    /// @inheritdoc IArtistRegistry
    uint32 public artistCount;
    /// @inheritdoc IArtistRegistry
    mapping(uint32 artistId => address) public artistOf;
    /// @inheritdoc IArtistRegistry
    mapping(address registrar => mapping(bytes32 handle => uint32 artistId)) public idOf;

    /// @param token_ settlement token of all artists (6 decimals, EIP-3009)
    /// @param splitDelay seconds before announced splits come into force
    constructor(address token_, uint40 splitDelay) EIP712("Ovation Artist Registry", "1") {
        token = token_;
        implementation = address(new Artist(address(this), token_, splitDelay));
    }

    /// @inheritdoc IArtistRegistry
    function register(address owner, bytes32 handle, address registrar, uint256 deadline, bytes calldata signature)
        external
        returns (uint32 artistId, address artist)
    {
        require(owner != address(0), OwnerMissing());
        require(_isHandle(handle), BadHandle(handle));
        require(registrar == address(0) || registrar == msg.sender, NotRegistrar(msg.sender, registrar));
        require(idOf[registrar][handle] == 0, HandleTaken(registrar, handle, idOf[registrar][handle]));
        artist = predict(owner);
        require(artist.code.length == 0, OwnerRegistered(owner, artist));
        if (msg.sender != owner || signature.length != 0) {
            uint256 latest = block.timestamp + LONGEST_DEADLINE;
            require(deadline >= block.timestamp, DeadlinePassed(deadline, block.timestamp));
            require(deadline <= latest, DeadlineTooFar(deadline, latest));
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(REGISTER, owner, handle, registrar, deadline)));
            require(Signatures.byKeyOrContract(owner, digest, signature), BadSignature(owner));
        }

        artistId = ++artistCount;
        artistOf[artistId] = artist;
        idOf[registrar][handle] = artistId;

        emit ArtistRegistered(artistId, owner, artist, registrar, handle);

        Clones.cloneDeterministic(implementation, _salt(owner));
        IArtist(artist).initialise(owner, artistId);
    }

    /// @inheritdoc IArtistRegistry
    function predict(address owner) public view returns (address) {
        return Clones.predictDeterministicAddress(implementation, _salt(owner));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IArtistRegistry).interfaceId || id == type(IERC165).interfaceId;
    }

    function _salt(address owner) private pure returns (bytes32) {
        return bytes32(uint256(uint160(owner)));
    }

    function _isHandle(bytes32 handle) private pure returns (bool) {
        uint256 length;
        for (; length < 32 && handle[length] != 0; ++length) {
            bytes1 c = handle[length];
            if (!((c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "_")) return false;
        }
        return length >= 3 && length <= 30 && uint256(handle) << (8 * length) == 0;
    }
}
