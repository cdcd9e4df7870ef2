// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ArtistFunds} from "./ArtistFunds.sol";
import {IArtist} from "./interfaces/IArtist.sol";
import {ArtistMessages} from "./libraries/ArtistMessages.sol";
import {Incoming} from "./libraries/Incoming.sol";
import {Tills} from "./libraries/Tills.sol";

/// @title Songs as they are sold: who holds a licence, and the three ways to pay for one.
abstract contract ArtistLicences is ArtistFunds {
    using SafeERC20 for IERC20;

    /// @inheritdoc IArtist
    uint32 public songCount; // first: fills the owner's slot

    mapping(uint256 songId => Song) internal _songs;
    mapping(uint256 songsAndLicensee => Shelf) private _shelves;

    /// A licensee's licences to 256 songs in a row, as bits. A struct, because its place can be kept and is then computed once.
    struct Shelf {
        uint256 licences;
    }

    // ---- buying

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

    /// @inheritdoc IArtist
    function buyAtTill(uint256 songId, bytes32 quote, TillPayment calldata payment) external nonReentrant {
        (address till_, bytes32 salt, bytes memory code) = _till(songId, quote, msg.sender);
        require(Tills.isSigned(_token, till_, payment), BadSignature(payment.from));
        uint256 price = _sell(songId, payment.from, payment.value);
        bool pulled = Tills.pull(_token, till_, payment);
        uint256 received = Tills.sweep(_token, till_, salt, code);
        require(received >= price, TillShort(till_, received, price));
        if (!pulled) _requireSpent(payment);
    }

    /// @inheritdoc IArtist
    function refundAtTill(uint256 songId, bytes32 quote, TillPayment calldata payment) external nonReentrant {
        (address till_, bytes32 salt, bytes memory code) = _till(songId, quote, msg.sender);
        require(Tills.isSigned(_token, till_, payment), BadSignature(payment.from));
        _requireSpent(payment);
        uint256 received = Tills.sweep(_token, till_, salt, code);
        require(received != 0, TillShort(till_, 0, 1));
        emit TillRefunded(songId, payment.from, quote, received);
        _token.safeTransfer(payment.from, received);
    }

    /// A till works once: while the payment could still arrive, it would arrive in a till that nobody can empty.
    function _requireSpent(TillPayment calldata payment) private view {
        bool spent = IERC3009(address(_token)).authorizationState(payment.from, payment.nonce);
        require(spent, PaymentOutstanding(payment.from, payment.nonce));
    }

    function _till(uint256 songId, bytes32 quote, address issuer)
        private
        view
        returns (address till_, bytes32 salt, bytes memory code)
    {
        (salt, code) = (Tills.saltOf(songId, quote, issuer), Tills.initCode(_token));
        till_ = Create2.computeAddress(salt, keccak256(code));
    }

    function _sell(uint256 songId, address licensee, uint256 maxPrice) private returns (uint256 price) {
        Song storage s = _songs[songId];
        bool active;
        uint32 revision;
        (price, active, revision) = (s.licencePrice, s.active, s.revision);
        require(revision != 0, UnknownSong(songId));
        require(active, SongNotActive(songId));
        require(price != 0, NotForSale(songId));
        require(price <= maxPrice, PriceAboveMaximum(songId, price, maxPrice));
        _grant(songId, licensee, licensee, price);
    }

    function _grant(uint256 songId, address licensee, address payer, uint256 price) internal {
        require(licensee != address(0), LicenseeMissing());
        Shelf storage shelf = _shelf(songId, licensee);
        (uint256 bits, uint256 bit) = (shelf.licences, 1 << (songId & 0xff));
        require(bits & bit == 0, AlreadyLicensed(songId, licensee));
        shelf.licences = bits | bit;
        emit LicenceGranted(songId, licensee, payer, price);
    }

    /// @dev Of a song that exists: larger ids do not fit beside the licensee, and would be another's.
    function _shelf(uint256 songId, address licensee) private view returns (Shelf storage) {
        return _shelves[(songId >> 8) << 160 | uint160(licensee)];
    }

    function _known(uint256 songId) internal view returns (Song storage s) {
        s = _songs[songId];
        require(s.revision != 0, UnknownSong(songId));
    }

    function _active(uint256 songId) internal view returns (Song storage s) {
        s = _known(songId);
        require(s.active, SongNotActive(songId));
    }

    // ---- views

    /// @inheritdoc IArtist
    function song(uint256 songId) external view returns (Song memory) {
        return _known(songId);
    }

    /// @inheritdoc IArtist
    function songs(uint256 first, uint256 count) external view returns (Song[] memory page) {
        if (first == 0 || first > songCount) return page;
        uint256 left = songCount - first + 1;
        page = new Song[](count < left ? count : left);
        for (uint256 i; i < page.length; ++i) {
            page[i] = _songs[first + i];
        }
    }

    /// @inheritdoc IArtist
    function hasLicence(address licensee, uint256 songId) external view returns (bool) {
        return songId <= songCount && _shelf(songId, licensee).licences >> (songId & 0xff) & 1 == 1;
    }

    /// @inheritdoc IArtist
    function till(uint256 songId, bytes32 quote, address issuer) external view returns (address till_) {
        (till_,,) = _till(songId, quote, issuer);
    }

    /// @inheritdoc IArtist
    function purchaseNonce(uint256 songId, address licensee, uint256 maxPrice) public view returns (bytes32) {
        bytes32 hash = ArtistMessages.domainSeparator();
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, hash)
            mstore(add(m, 0x20), songId)
            mstore(add(m, 0x40), licensee)
            mstore(add(m, 0x60), maxPrice)
            hash := keccak256(m, 0x80)
        }
        return hash;
    }
}
