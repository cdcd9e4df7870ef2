// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title EIP-712 types of what an artist (or a payee, for Withdraw) signs. `IArtist` says who signs what.
library ArtistMessages {
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME = keccak256("Ovation Artist");
    bytes32 private constant VERSION = keccak256("1");

    bytes32 internal constant SONG =
        keccak256("Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)");
    bytes32 internal constant PUBLISH = keccak256(
        "Publish(Song[] songs,uint256 nonce,uint256 deadline,uint256 ownerEpoch)Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)"
    );
    bytes32 internal constant SET_PRICE = keccak256(
        "SetPrice(uint256 songId,uint64 pricePerPlay,uint64 licencePrice,uint256 nonce,uint256 deadline,uint256 ownerEpoch)"
    );
    bytes32 internal constant RETIRE =
        keccak256("Retire(uint256 songId,uint256 nonce,uint256 deadline,uint256 ownerEpoch)");
    bytes32 internal constant REVISE =
        keccak256("Revise(uint256 songId,bytes32 manifestHash,uint256 nonce,uint256 deadline,uint256 ownerEpoch)");
    bytes32 internal constant GIVE_LICENCE =
        keccak256("GiveLicence(uint256 songId,address to,uint256 nonce,uint256 deadline,uint256 ownerEpoch)");
    bytes32 internal constant PAYEE = keccak256("Payee(address account,uint16 bps)");
    bytes32 internal constant SET_SPLITS = keccak256(
        "SetSplits(Payee[] payees,uint256 nonce,uint256 deadline,uint256 ownerEpoch)Payee(address account,uint16 bps)"
    );
    bytes32 internal constant TRANSFER_OWNERSHIP =
        keccak256("TransferOwnership(address to,uint256 nonce,uint256 deadline,uint256 ownerEpoch)");
    bytes32 internal constant ACCEPT_OWNERSHIP =
        keccak256("AcceptOwnership(uint256 nonce,uint256 deadline,uint256 ownerEpoch)");
    bytes32 internal constant CANCEL =
        keccak256("Cancel(uint192 key,uint256 nonce,uint256 deadline,uint256 ownerEpoch)");
    bytes32 internal constant WITHDRAW = keccak256(
        "Withdraw(address payee,address to,uint256 amount,uint256 nonce,uint256 deadline,uint256 ownerEpoch)"
    );

    /// @dev Made anew each time: clones share their code, so there is nowhere to keep it that is cheaper than making it.
    function domainSeparator() internal view returns (bytes32 hash) {
        (bytes32 domain, bytes32 name, bytes32 version) = (DOMAIN, NAME, VERSION);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, domain)
            mstore(add(m, 0x20), name)
            mstore(add(m, 0x40), version)
            mstore(add(m, 0x60), chainid())
            mstore(add(m, 0x80), address())
            hash := keccak256(m, 0xa0)
        }
    }
}
