// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title Gives every artist a number and a contract of their own.
/// @notice No admin, no upgrade, no pause. Ids run from 1 in the order of registration; a reorganisation of the chain may
/// exchange two of them, so use an id only after the confirmations you trust and keep the contract's address beside it.
/// @dev EIP-712 domain: name "Ovation Artist Registry", version "1", chainId, verifyingContract. Signed type:
/// `Register(address owner,bytes32 handle,address registrar,uint256 deadline)`.
interface IArtistRegistry is IERC165 {
    /// @notice An artist contract exists from here on.
    /// @param registrar whose name space the handle belongs to; zero: the common one, first come, first served
    event ArtistRegistered(
        uint32 indexed artistId, address indexed owner, address indexed artist, address registrar, bytes32 handle
    );

    error OwnerMissing();
    /// @notice An address registers once; its contract stays the one it made, also after ownership moved on.
    error OwnerRegistered(address owner, address artist);
    /// @notice Not `[a-z0-9_]{3,30}`, left-aligned and padded with zero bytes.
    error BadHandle(bytes32 handle);
    error HandleTaken(address registrar, bytes32 handle, uint32 artistId);
    error NotRegistrar(address caller, address registrar);
    error DeadlinePassed(uint256 deadline, uint256 time);
    /// @notice Signatures live at most seven days.
    error DeadlineTooFar(uint256 deadline, uint256 latest);
    error BadSignature(address signer);

    /// @notice Deploys and initialises the owner's artist contract, in one call.
    /// @dev Called by the owner itself with an empty signature (then `deadline` is ignored), or by anybody with the owner's
    /// EIP-712 signature (EIP-1271 contracts included). A registrar other than zero must be the caller: who watches the
    /// mempool cannot take the name. The same handle may exist once under each registrar: never show a handle from an
    /// unknown registrar as if it were yours.
    /// @param owner who owns the contract; the contract's address follows from it alone (CREATE2)
    /// @param handle ASCII `[a-z0-9_]{3,30}`, left-aligned, zero padded
    /// @param registrar name space of the handle, or zero
    /// @param deadline Unix seconds, at most seven days ahead
    function register(address owner, bytes32 handle, address registrar, uint256 deadline, bytes calldata signature)
        external
        returns (uint32 artistId, address artist);

    /// @notice Number of artists; also the highest id.
    function artistCount() external view returns (uint32);

    /// @notice The artist's contract, or zero for an id not given out.
    function artistOf(uint32 artistId) external view returns (address artist);

    /// @notice The artist id behind a handle, or zero.
    function idOf(address registrar, bytes32 handle) external view returns (uint32 artistId);

    /// @notice Where `owner`'s contract is, or will be.
    function predict(address owner) external view returns (address artist);

    /// @notice What every artist contract delegates to (EIP-1167). Never changes.
    function implementation() external view returns (address);

    /// @notice The settlement token of every artist contract made here.
    function token() external view returns (address);
}
