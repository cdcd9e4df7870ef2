// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ArtistFunds} from "./ArtistFunds.sol";
import {ArtistLicences} from "./ArtistLicences.sol";
import {IArtist} from "./interfaces/IArtist.sol";
import {ArtistMessages} from "./libraries/ArtistMessages.sol";
import {Signatures} from "./libraries/Signatures.sol";

/// @title One artist's contract: what its owner may do. Sales are in `ArtistLicences`, money in `ArtistFunds`, the public page is
/// `IArtist`.
/// @dev The registry's clones delegate here (EIP-1167). Immutables are shared by all clones, storage is each clone's own.
contract Artist is ArtistLicences {
    uint256 private constant LONGEST_DEADLINE = 7 days;
    uint64 private constant HIGHEST_PRICE = 2 ** 53 - 1;

    /// @inheritdoc IArtist
    address public immutable registry;

    mapping(address signer => mapping(uint192 key => uint64)) private _sequences;

    modifier onlyOwner() {
        _requireOwner();
        _;
    }

    constructor(address registry_, address token_, uint40 splitDelay_) ArtistFunds(token_, splitDelay_) {
        registry = registry_;
        owner = address(1); // nobody's: the implementation itself is never anyone's contract
    }

    /// @inheritdoc IArtist
    function initialise(address owner_, uint32 artistId_) external {
        require(msg.sender == registry, NotRegistry(msg.sender));
        require(owner == address(0), AlreadyInitialised());
        (owner, artistId) = (owner_, artistId_);
        emit OwnershipTransferred(address(0), owner_, 0);
    }

    // ---- songs

    /// @inheritdoc IArtist
    function publish(SongInput[] calldata songs_) external onlyOwner returns (uint256) {
        return _publish(songs_);
    }

    /// @inheritdoc IArtist
    function publishWithSignature(
        SongInput[] calldata songs_,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256) {
        bytes32[] memory hashes = new bytes32[](songs_.length);
        for (uint256 i; i < songs_.length; ++i) {
            hashes[i] = keccak256(abi.encode(ArtistMessages.SONG, songs_[i]));
        }
        bytes32 list = keccak256(abi.encodePacked(hashes));
        _signed(owner, abi.encode(ArtistMessages.PUBLISH, list), nonce_, deadline, signature);
        return _publish(songs_);
    }

    function _publish(SongInput[] calldata songs_) private returns (uint256 first) {
        require(songs_.length != 0, NoSongs());
        first = uint256(songCount) + 1;
        for (uint256 i; i < songs_.length; ++i) {
            SongInput calldata s = songs_[i];
            require(s.sha256 != 0 && s.manifestHash != 0, HashMissing());
            _checkPrices(s.pricePerPlay, s.licencePrice);
            _songs[first + i] = Song(s.sha256, s.manifestHash, s.pricePerPlay, s.licencePrice, true, 1);
            emit SongPublished(first + i, s.sha256, s.manifestHash, s.pricePerPlay, s.licencePrice);
        }
        songCount += uint32(songs_.length);
    }

    /// @inheritdoc IArtist
    function setPrice(uint256 songId, uint64 pricePerPlay, uint64 licencePrice) external onlyOwner {
        _setPrice(songId, pricePerPlay, licencePrice);
    }

    /// @inheritdoc IArtist
    function setPriceWithSignature(
        uint256 songId,
        uint64 pricePerPlay,
        uint64 licencePrice,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes memory message = abi.encode(ArtistMessages.SET_PRICE, songId, pricePerPlay, licencePrice);
        _signedInOrder(owner, message, nonce_, deadline, signature);
        _setPrice(songId, pricePerPlay, licencePrice);
    }

    function _setPrice(uint256 songId, uint64 pricePerPlay, uint64 licencePrice) private {
        Song storage s = _active(songId);
        _checkPrices(pricePerPlay, licencePrice);
        (s.pricePerPlay, s.licencePrice) = (pricePerPlay, licencePrice);
        emit SongPriced(songId, pricePerPlay, licencePrice);
    }

    /// @inheritdoc IArtist
    function retire(uint256 songId) external onlyOwner {
        _retire(songId);
    }

    /// @inheritdoc IArtist
    function retireWithSignature(uint256 songId, uint256 nonce_, uint256 deadline, bytes calldata signature) external {
        bytes memory message = abi.encode(ArtistMessages.RETIRE, songId);
        _signed(owner, message, nonce_, deadline, signature);
        _retire(songId);
    }

    function _retire(uint256 songId) private {
        _active(songId).active = false;
        emit SongRetired(songId);
    }

    /// @inheritdoc IArtist
    function revise(uint256 songId, bytes32 manifestHash) external onlyOwner {
        _revise(songId, manifestHash);
    }

    /// @inheritdoc IArtist
    function reviseWithSignature(
        uint256 songId,
        bytes32 manifestHash,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes memory message = abi.encode(ArtistMessages.REVISE, songId, manifestHash);
        _signed(owner, message, nonce_, deadline, signature);
        _revise(songId, manifestHash);
    }

    function _revise(uint256 songId, bytes32 manifestHash) private {
        Song storage s = _known(songId);
        require(manifestHash != 0, HashMissing());
        s.manifestHash = manifestHash;
        emit SongRevised(songId, manifestHash, ++s.revision);
    }

    function _checkPrices(uint64 pricePerPlay, uint64 licencePrice) private pure {
        require(pricePerPlay <= HIGHEST_PRICE, PriceTooHigh(pricePerPlay, HIGHEST_PRICE));
        require(licencePrice <= HIGHEST_PRICE, PriceTooHigh(licencePrice, HIGHEST_PRICE));
    }

    // ---- licences

    /// @inheritdoc IArtist
    function giveLicence(uint256 songId, address to) external onlyOwner {
        _known(songId);
        _grant(songId, to, address(0), 0);
    }

    /// @inheritdoc IArtist
    function giveLicenceWithSignature(
        uint256 songId,
        address to,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes memory message = abi.encode(ArtistMessages.GIVE_LICENCE, songId, to);
        _signed(owner, message, nonce_, deadline, signature);
        _known(songId);
        _grant(songId, to, address(0), 0);
    }

    // ---- money

    /// @inheritdoc IArtist
    function setSplits(Payee[] calldata payees_) external onlyOwner {
        _setSplits(payees_);
    }

    /// @inheritdoc IArtist
    function setSplitsWithSignature(
        Payee[] calldata payees_,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32[] memory hashes = new bytes32[](payees_.length);
        for (uint256 i; i < payees_.length; ++i) {
            hashes[i] = keccak256(abi.encode(ArtistMessages.PAYEE, payees_[i]));
        }
        bytes32 list = keccak256(abi.encodePacked(hashes));
        bytes memory message = abi.encode(ArtistMessages.SET_SPLITS, list);
        _signedInOrder(owner, message, nonce_, deadline, signature);
        _setSplits(payees_);
    }

    /// @inheritdoc IArtist
    function withdrawWithSignature(
        address payee,
        address to,
        uint256 amount,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) external nonReentrant {
        bytes memory message = abi.encode(ArtistMessages.WITHDRAW, payee, to, amount);
        _signed(payee, message, nonce_, deadline, signature);
        _withdraw(payee, to, amount);
    }

    // ---- ownership and signatures

    /// @inheritdoc IArtist
    function transferOwnership(address to) external onlyOwner {
        _transferOwnership(to);
    }

    /// @inheritdoc IArtist
    function transferOwnershipWithSignature(address to, uint256 nonce_, uint256 deadline, bytes calldata signature)
        external
    {
        bytes memory message = abi.encode(ArtistMessages.TRANSFER_OWNERSHIP, to);
        _signedInOrder(owner, message, nonce_, deadline, signature);
        _transferOwnership(to);
    }

    function _transferOwnership(address to) private {
        pendingOwner = to;
        emit OwnershipTransferStarted(owner, to);
    }

    /// @inheritdoc IArtist
    function acceptOwnership() external {
        require(msg.sender == pendingOwner, NotPendingOwner(msg.sender));
        _acceptOwnership();
    }

    /// @inheritdoc IArtist
    function acceptOwnershipWithSignature(uint256 nonce_, uint256 deadline, bytes calldata signature) external {
        require(pendingOwner != address(0), OwnerMissing());
        bytes memory message = abi.encode(ArtistMessages.ACCEPT_OWNERSHIP);
        _signedInOrder(pendingOwner, message, nonce_, deadline, signature);
        _acceptOwnership();
    }

    function _acceptOwnership() private nonReentrant {
        _settleForFormerOwner();
        emit OwnershipTransferred(owner, pendingOwner, ++ownerEpoch);
        owner = pendingOwner;
        pendingOwner = address(0);
    }

    /// @inheritdoc IArtist
    function cancel(uint192 key) external {
        _cancel(msg.sender, key);
    }

    /// @inheritdoc IArtist
    function cancelWithSignature(uint192 key, uint256 nonce_, uint256 deadline, bytes calldata signature) external {
        bytes memory message = abi.encode(ArtistMessages.CANCEL, key);
        _signed(owner, message, nonce_, deadline, signature);
        _cancel(owner, key);
    }

    function _cancel(address signer, uint192 key) private {
        _sequences[signer][key] += 2 ** 32;
        emit NoncesCancelled(signer, key, nonce(signer, key));
    }

    function _requireOwner() private view {
        require(msg.sender == owner, NotOwner(msg.sender));
    }

    function _keyOf(uint256 nonce_) private pure returns (uint192) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint192(nonce_ >> 64); // 192 bits are left
    }

    function _signedInOrder(
        address signer,
        bytes memory message,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) private {
        require(_keyOf(nonce_) == 0, NonceKeyNotZero(_keyOf(nonce_)));
        _signed(signer, message, nonce_, deadline, signature);
    }

    /// Accepts a message once, if `signer` signed it for this clone. `message` is its type and what precedes the members that all
    /// messages end with.
    function _signed(address signer, bytes memory message, uint256 nonce_, uint256 deadline, bytes calldata signature)
        private
    {
        uint256 latest = block.timestamp + LONGEST_DEADLINE;
        require(deadline >= block.timestamp, DeadlinePassed(deadline, block.timestamp));
        require(deadline <= latest, DeadlineTooFar(deadline, latest));
        uint192 key = _keyOf(nonce_);
        uint256 expected = nonce(signer, key);
        require(nonce_ == expected, BadNonce(signer, nonce_, expected));
        ++_sequences[signer][key];
        bytes32 hash = keccak256(bytes.concat(message, abi.encode(nonce_, deadline, ownerEpoch)));
        bytes32 digest = MessageHashUtils.toTypedDataHash(ArtistMessages.domainSeparator(), hash);
        require(Signatures.byKeyOrContract(signer, digest, signature), BadSignature(signer));
    }

    // ---- views

    /// @inheritdoc IArtist
    function nonce(address signer, uint192 key) public view returns (uint256) {
        return uint256(key) << 64 | _sequences[signer][key];
    }

    /// @inheritdoc IArtist
    function domainSeparator() external view returns (bytes32) {
        return ArtistMessages.domainSeparator();
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IArtist).interfaceId || id == type(IERC165).interfaceId;
    }
}
