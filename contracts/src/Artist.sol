// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ArtistFunds} from "./ArtistFunds.sol";
import {IArtist} from "./interfaces/IArtist.sol";
import {ArtistMessages} from "./libraries/ArtistMessages.sol";
import {Incoming} from "./libraries/Incoming.sol";

/// @title One artist's contract: songs, licences, money (`ArtistFunds`). The public page is `IArtist`.
/// @dev The registry's clones delegate here (EIP-1167). Immutables are shared by all clones, storage is each clone's own.
contract Artist is EIP712, ArtistFunds {
    using SafeERC20 for IERC20;

    uint256 private constant LONGEST_DEADLINE = 7 days;
    uint64 private constant HIGHEST_PRICE = 2 ** 53 - 1;

    /// @inheritdoc IArtist
    address public immutable registry;

    /// @inheritdoc IArtist
    uint32 public artistId;
    /// @inheritdoc IArtist
    uint32 public songCount;
    /// @inheritdoc IArtist
    uint32 public ownerEpoch;

    mapping(uint256 songId => Song) private _songs;
    mapping(address licensee => mapping(uint256 word => uint256 bits)) private _licences;
    mapping(address signer => mapping(uint192 key => uint64)) private _sequences;

    modifier onlyOwner() {
        require(msg.sender == owner, NotOwner(msg.sender));
        _;
    }

    constructor(address registry_, address token_, uint40 splitDelay_)
        EIP712("Ovation Artist", "1")
        ArtistFunds(token_, splitDelay_)
    {
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
    function publish(SongInput[] calldata songs) external onlyOwner returns (uint256) {
        return _publish(songs);
    }

    /// @inheritdoc IArtist
    function publishWithSignature(
        SongInput[] calldata songs,
        uint256 nonce_,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256) {
        bytes32[] memory hashes = new bytes32[](songs.length);
        for (uint256 i; i < songs.length; ++i) {
            hashes[i] = keccak256(abi.encode(ArtistMessages.SONG, songs[i]));
        }
        bytes32 list = keccak256(abi.encodePacked(hashes));
        _signed(
            owner,
            keccak256(abi.encode(ArtistMessages.PUBLISH, list, nonce_, deadline, ownerEpoch)),
            nonce_,
            deadline,
            signature
        );
        return _publish(songs);
    }

    function _publish(SongInput[] calldata songs) private returns (uint256 first) {
        require(songs.length != 0, NoSongs());
        first = uint256(songCount) + 1;
        for (uint256 i; i < songs.length; ++i) {
            SongInput calldata s = songs[i];
            require(s.sha256 != 0 && s.manifestHash != 0, HashMissing());
            _checkPrices(s.pricePerPlay, s.licencePrice);
            _songs[first + i] = Song(s.sha256, s.manifestHash, s.pricePerPlay, s.licencePrice, true, 1);
            emit SongPublished(first + i, s.sha256, s.manifestHash, s.pricePerPlay, s.licencePrice);
        }
        songCount += uint32(songs.length);
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
        bytes32 message = keccak256(
            abi.encode(ArtistMessages.SET_PRICE, songId, pricePerPlay, licencePrice, nonce_, deadline, ownerEpoch)
        );
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
        bytes32 message = keccak256(abi.encode(ArtistMessages.RETIRE, songId, nonce_, deadline, ownerEpoch));
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
        bytes32 message = keccak256(
            abi.encode(ArtistMessages.REVISE, songId, manifestHash, nonce_, deadline, ownerEpoch)
        );
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

    function _known(uint256 songId) private view returns (Song storage s) {
        s = _songs[songId];
        require(s.revision != 0, UnknownSong(songId));
    }

    function _active(uint256 songId) private view returns (Song storage s) {
        s = _known(songId);
        require(s.active, SongNotActive(songId));
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
        bytes32 message = keccak256(abi.encode(ArtistMessages.GIVE_LICENCE, songId, to, nonce_, deadline, ownerEpoch));
        _signed(owner, message, nonce_, deadline, signature);
        _known(songId);
        _grant(songId, to, address(0), 0);
    }

    /// @inheritdoc IArtist
    function buyWithAuthorization(
        uint256 songId,
        address licensee,
        uint256 maxPrice,
        uint256 validBefore,
        bytes calldata signature
    ) external nonReentrant {
        uint256 price = _sell(songId, licensee, maxPrice);
        bytes32 paymentNonce = purchaseNonce(songId, licensee, maxPrice);
        Incoming.byAuthorisation(_token, licensee, maxPrice, validBefore, paymentNonce, signature);
        if (price < maxPrice) _token.safeTransfer(licensee, maxPrice - price);
    }

    /// @inheritdoc IArtist
    function buy(uint256 songId, uint256 maxPrice) external nonReentrant {
        Incoming.byAllowance(_token, msg.sender, _sell(songId, msg.sender, maxPrice));
    }

    function _sell(uint256 songId, address licensee, uint256 maxPrice) private returns (uint256 price) {
        price = _active(songId).licencePrice;
        require(price != 0, NotForSale(songId));
        require(price <= maxPrice, PriceAboveMaximum(songId, price, maxPrice));
        _grant(songId, licensee, licensee, price);
    }

    function _grant(uint256 songId, address licensee, address payer, uint256 price) private {
        require(licensee != address(0), LicenseeMissing());
        require(!hasLicence(licensee, songId), AlreadyLicensed(songId, licensee));
        _licences[licensee][songId >> 8] |= 1 << (songId & 0xff);
        emit LicenceGranted(songId, licensee, payer, price);
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
        bytes32 message = keccak256(abi.encode(ArtistMessages.SET_SPLITS, list, nonce_, deadline, ownerEpoch));
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
        bytes32 message = keccak256(
            abi.encode(ArtistMessages.WITHDRAW, payee, to, amount, nonce_, deadline, ownerEpoch)
        );
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
        bytes32 message = keccak256(abi.encode(ArtistMessages.TRANSFER_OWNERSHIP, to, nonce_, deadline, ownerEpoch));
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
        bytes32 message = keccak256(abi.encode(ArtistMessages.ACCEPT_OWNERSHIP, nonce_, deadline, ownerEpoch));
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
        bytes32 message = keccak256(abi.encode(ArtistMessages.CANCEL, key, nonce_, deadline, ownerEpoch));
        _signed(owner, message, nonce_, deadline, signature);
        _cancel(owner, key);
    }

    function _cancel(address signer, uint192 key) private {
        _sequences[signer][key] += 2 ** 32;
        emit NoncesCancelled(signer, key, nonce(signer, key));
    }

    function _keyOf(uint256 nonce_) private pure returns (uint192) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint192(nonce_ >> 64); // 192 bits are left
    }

    function _signedInOrder(address signer, bytes32 message, uint256 nonce_, uint256 deadline, bytes calldata signature)
        private
    {
        require(_keyOf(nonce_) == 0, NonceKeyNotZero(_keyOf(nonce_)));
        _signed(signer, message, nonce_, deadline, signature);
    }

    /// Accepts a message once, if `signer` signed it for this clone.
    function _signed(address signer, bytes32 message, uint256 nonce_, uint256 deadline, bytes calldata signature)
        private
    {
        uint256 latest = block.timestamp + LONGEST_DEADLINE;
        require(deadline >= block.timestamp, DeadlinePassed(deadline, block.timestamp));
        require(deadline <= latest, DeadlineTooFar(deadline, latest));
        uint192 key = _keyOf(nonce_);
        uint256 expected = nonce(signer, key);
        require(nonce_ == expected, BadNonce(signer, nonce_, expected));
        ++_sequences[signer][key];
        bytes32 digest = _hashTypedDataV4(message);
        require(SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature), BadSignature(signer));
    }

    // ---- views

    /// @inheritdoc IArtist
    function song(uint256 songId) external view returns (Song memory) {
        return _known(songId);
    }

    /// @inheritdoc IArtist
    function hasLicence(address licensee, uint256 songId) public view returns (bool) {
        return _licences[licensee][songId >> 8] >> (songId & 0xff) & 1 == 1;
    }

    /// @inheritdoc IArtist
    function nonce(address signer, uint192 key) public view returns (uint256) {
        return uint256(key) << 64 | _sequences[signer][key];
    }

    /// @inheritdoc IArtist
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IArtist
    function purchaseNonce(uint256 songId, address licensee, uint256 maxPrice) public view returns (bytes32) {
        return keccak256(abi.encode(_domainSeparatorV4(), songId, licensee, maxPrice));
    }
}
