// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title One artist's contract: songs, licences, money. Nobody but the owner publishes in it or decides who is paid.
/// @notice Money is in units of the settlement token (0.000001 for USDC). Assumes a token without transfer fees or rebasing;
/// incoming payments that arrive short are refused. Other tokens and coin sent here are lost: coin is refused, tokens are not
/// seen.
/// @dev Each owner call exists twice: sent by the owner, or signed by the owner and sent by anybody (`…WithSignature`).
/// EIP-712 domain: name "Ovation Artist", version "1", chainId, verifyingContract = this clone. Each type is the call's name in
/// capitals with its parameters, then `uint256 nonce,uint256 deadline,uint256 ownerEpoch`:
///
/// - `Publish(Song[] songs,…)Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)`
/// - `SetPrice(uint256 songId,uint64 pricePerPlay,uint64 licencePrice,…)`
/// - `Retire(uint256 songId,…)`
/// - `Revise(uint256 songId,bytes32 manifestHash,…)`
/// - `GiveLicence(uint256 songId,address to,…)`
/// - `SetSplits(Payee[] payees,…)Payee(address account,uint16 bps)`
/// - `TransferOwnership(address to,…)`, `AcceptOwnership(…)` (signed by the pending owner)
/// - `Cancel(uint192 key,…)`
/// - `Withdraw(address payee,address to,uint256 amount,…)` (signed by the payee, with the payee's own nonces)
///
/// A nonce is `key << 64 | sequence`: ordered within a key, parallel across keys. SetPrice, SetSplits, TransferOwnership and
/// AcceptOwnership take key 0 only, so that two of them never overtake each other. A deadline is at most seven days ahead. The
/// owner epoch rises with each transfer of ownership, which kills every older signature. EIP-1271 signers are asked by
/// staticcall.
///
/// ERC-165 is answered for this interface. ERC-2981 is not implemented on purpose: a licence cannot be sold on, so there is no
/// sale a royalty could be a part of.
interface IArtist is IERC165 {
    /// @param sha256 plain SHA-256 of the master file
    /// @param manifestHash SHA-256 of the manifest (RFC 8785 JSON), which names every rendition
    /// @param pricePerPlay units for one full play; zero: free
    /// @param licencePrice units for a permanent licence; zero: not for sale
    struct SongInput {
        bytes32 sha256;
        bytes32 manifestHash;
        uint64 pricePerPlay;
        uint64 licencePrice;
    }

    /// @param active false once retired: neither played for money nor sold; licences stay
    /// @param revision 1 when published, one more with each new manifest
    struct Song {
        bytes32 sha256;
        bytes32 manifestHash;
        uint64 pricePerPlay;
        uint64 licencePrice;
        bool active;
        uint32 revision;
    }

    /// @param bps share in 1/10,000
    struct Payee {
        address account;
        uint16 bps;
    }

    /// @param withdrawable units it can take out now
    struct Share {
        address account;
        uint16 bps;
        uint256 withdrawable;
    }

    /// @notice An EIP-3009 `TransferWithAuthorization` of the settlement token whose `to` is the till.
    /// @param validAfter Unix seconds, exclusive, like `validBefore`; only the token looks at them
    /// @param signature 65 bytes r ‖ s ‖ v, low s, v = 27 or 28, by the key of `from`: no contract's word (EIP-1271)
    struct TillPayment {
        address from;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
        bytes signature;
    }

    event SongPublished(
        uint256 indexed songId,
        bytes32 indexed sha256,
        bytes32 indexed manifestHash,
        uint64 pricePerPlay,
        uint64 licencePrice
    );
    event SongPriced(uint256 indexed songId, uint64 pricePerPlay, uint64 licencePrice);
    event SongRevised(uint256 indexed songId, bytes32 indexed manifestHash, uint32 revision);
    event SongRetired(uint256 indexed songId);
    /// @param payer zero when the owner gave it
    event LicenceGranted(uint256 indexed songId, address indexed licensee, address payer, uint256 price);
    /// @notice What a till held went back to who had signed for it, without a licence.
    event TillRefunded(uint256 indexed songId, address indexed to, bytes32 quote, uint256 units);
    /// @param effectiveFrom Unix seconds; the first touch of the money after it applies them
    event SplitsSet(Payee[] payees, uint40 effectiveFrom);
    /// @notice The announced splits are in force; what had arrived until here was booked under the former ones.
    event SplitsApplied(uint32 indexed splitEpoch);
    /// @notice Announced splits that will not come into force, because ownership moved on.
    event SplitsDropped();
    event Withdrawn(address indexed payee, address indexed to, uint256 amount);
    event OwnershipTransferStarted(address indexed from, address indexed to);
    event OwnershipTransferred(address indexed from, address indexed to, uint32 ownerEpoch);
    event NoncesCancelled(address indexed signer, uint192 indexed key, uint256 next);

    error NotRegistry(address caller);
    error AlreadyInitialised();
    error NotOwner(address caller);
    error NotPendingOwner(address caller);
    error OwnerMissing();
    error DeadlinePassed(uint256 deadline, uint256 time);
    error DeadlineTooFar(uint256 deadline, uint256 latest);
    /// @notice The nonce is not the next one of its signer and key.
    error BadNonce(address signer, uint256 nonce, uint256 expected);
    /// @notice This kind of call is ordered: its nonce must have key 0.
    error NonceKeyNotZero(uint192 key);
    error BadSignature(address signer);
    error NoSongs();
    error HashMissing();
    /// @notice Prices fit in 2^53 − 1, so every client can hold them exactly.
    error PriceTooHigh(uint64 price, uint64 highest);
    error UnknownSong(uint256 songId);
    error SongNotActive(uint256 songId);
    error NotForSale(uint256 songId);
    error PriceAboveMaximum(uint256 songId, uint256 price, uint256 maxPrice);
    error AlreadyLicensed(uint256 songId, address licensee);
    error LicenseeMissing();
    /// @notice The till was emptied before, and works once: a quote belongs to the first who pays it.
    error TillUsed(address till);
    /// @notice What the till sent is less than the price (or, to be refunded, nothing).
    error TillShort(address till, uint256 received, uint256 expected);
    /// @notice The signed transfer was neither made nor cancelled: it could still arrive, in a till emptied without it.
    error PaymentOutstanding(address from, bytes32 nonce);
    error TooManyPayees(uint256 payees, uint256 most);
    /// @notice A payee is zero, this contract, listed twice, or has no share.
    error BadPayee(address account, uint16 bps);
    error SharesDoNotSum(uint256 sum, uint256 expected);
    error NoSplitsDue(uint40 effectiveFrom);
    error BadRecipient(address to);
    error AmountMissing();
    error NotEnough(address payee, uint256 amount, uint256 withdrawable);

    // ---- songs: the owner

    /// @notice Publishes songs; ids follow each other from the first.
    function publish(SongInput[] calldata songs_) external returns (uint256 firstSongId);
    function publishWithSignature(
        SongInput[] calldata songs_,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 firstSongId);

    /// @notice New prices of an active song. Plays under way may finish at the former price (PROTOCOL 3).
    function setPrice(uint256 songId, uint64 pricePerPlay, uint64 licencePrice) external;
    function setPriceWithSignature(
        uint256 songId,
        uint64 pricePerPlay,
        uint64 licencePrice,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Ends sales of a song, for good. Licences stay.
    function retire(uint256 songId) external;
    function retireWithSignature(uint256 songId, uint256 nonce, uint256 deadline, bytes calldata signature) external;

    /// @notice A new manifest of the same master (more renditions, say); also for a retired song, for its licensees.
    function revise(uint256 songId, bytes32 manifestHash) external;
    function reviseWithSignature(
        uint256 songId,
        bytes32 manifestHash,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    // ---- licences: permanent, one per address and song, not transferable

    /// @notice The owner gives a licence.
    function giveLicence(uint256 songId, address to) external;
    function giveLicenceWithSignature(
        uint256 songId,
        address to,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Buys with the licensee's EIP-3009 signature; anybody may send it.
    /// @dev The licensee signs `ReceiveWithAuthorization(from = licensee, to = this contract, value = maxPrice, validAfter = 0,
    /// validBefore, nonce)` of the token, nonce = keccak256(abi.encode(domainSeparator(), songId, licensee, maxPrice)). The
    /// contract takes `maxPrice` and sends what exceeds the price back to the licensee in the same call. A cancelled or used
    /// authorisation blocks this one `maxPrice` only.
    /// @param signature 65 bytes r ‖ s ‖ v, v = 27 or 28
    function buyWithAuthorization(
        uint256 songId,
        address licensee,
        uint256 maxPrice,
        uint256 validBefore,
        bytes calldata signature
    ) external;

    /// @notice The caller buys for itself, from its allowance.
    function buy(uint256 songId, uint256 maxPrice) external;

    // ---- the till: for payers who can sign no more than "pay this address" (x402 `exact`)

    /// @notice Sells a licence to who signed a payment to the till of this song, this quote and the caller.
    /// @dev The payer's signature names no song, so the address it pays does: `till(songId, quote, issuer)`, with the issuer as
    /// caller. The contract checks the signature, tries the transfer and does not mind its failure (anybody may have pushed it
    /// before), empties the till into itself and wants the price at least to have arrived; whether the token calls the
    /// authorisation used proves nothing, for a cancelled one is too. All the till holds becomes the artist's income: a payment
    /// above the price (the price fell since), or what somebody else sent there.
    ///
    /// Dangers. A till works once, and what is sent to it afterwards is lost: show every payer a fresh random quote. The contract
    /// cannot tell whose money a till holds: an issuer must remember whose payment it took for a quote first, and present no
    /// other. Contract accounts buy by allowance.
    /// @param quote 32 random bytes of the issuer's, one for each offer
    function buyAtTill(uint256 songId, bytes32 quote, TillPayment calldata payment) external;

    /// @notice Sends what a till holds to who signed a payment to it: for a transfer that was pushed but can buy nothing any more
    /// (song retired or dearer, licence held already). The issuer only; the till is used up.
    /// @dev The transfer is not made here: when nobody pushed it there is nothing to refund. It must be used or cancelled.
    function refundAtTill(uint256 songId, bytes32 quote, TillPayment calldata payment) external;

    // ---- money

    /// @notice Announces who shares what arrives; at most 16 payees whose shares sum to 10,000, or nobody: the owner alone.
    /// @dev In force `splitDelay` seconds later, at the first call that touches the money or `applySplits`; everything that
    /// arrived until then is booked under the former splits. A second call replaces an announcement and starts the delay again.
    function setSplits(Payee[] calldata payees_) external;
    function setSplitsWithSignature(Payee[] calldata payees_, uint256 nonce, uint256 deadline, bytes calldata signature)
        external;

    /// @notice Puts announced splits into force once their time has come. Anybody.
    function applySplits() external;

    /// @notice A payee moves its own share to any address it names.
    function withdraw(address to, uint256 amount) external;
    function withdrawWithSignature(
        address payee,
        address to,
        uint256 amount,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Sends a payee its whole share. Anybody; the money goes to the payee only.
    function push(address payee) external;

    // ---- ownership and signatures

    /// @notice First of two steps; a second call replaces the first, zero takes it back. What arrived before the second step
    /// stays with the payees of that time.
    function transferOwnership(address to) external;
    function transferOwnershipWithSignature(address to, uint256 nonce, uint256 deadline, bytes calldata signature)
        external;

    /// @notice Second step, by the new owner. Splits in force stay in force; announced ones are dropped. Read `payees()` first.
    function acceptOwnership() external;
    function acceptOwnershipWithSignature(uint256 nonce, uint256 deadline, bytes calldata signature) external;

    /// @notice Kills every signature of the caller still out under this nonce key (the sequence jumps by 2^32).
    function cancel(uint192 key) external;
    /// @notice The same, signed by the owner for the owner's own nonces; use a nonce of another key than the one to kill.
    function cancelWithSignature(uint192 key, uint256 nonce, uint256 deadline, bytes calldata signature) external;

    /// @dev Called by the registry, once, in the transaction that deploys the clone.
    function initialise(address owner_, uint32 artistId_) external;

    // ---- views

    /// @notice Reverts for a song that does not exist.
    function song(uint256 songId) external view returns (Song memory);
    /// @notice Songs `first`, `first + 1`, … as far as there are any, at most `count`; none for `first` zero or past the last.
    function songs(uint256 first, uint256 count) external view returns (Song[] memory page);
    /// @notice Number of songs; also the highest song id.
    function songCount() external view returns (uint32);
    function hasLicence(address licensee, uint256 songId) external view returns (bool);
    function owner() external view returns (address);
    function pendingOwner() external view returns (address);
    function ownerEpoch() external view returns (uint32);
    function artistId() external view returns (uint32);
    function registry() external view returns (address);
    function token() external view returns (address);
    /// @notice Seconds from announcing splits to their coming into force.
    function splitDelay() external view returns (uint40);
    /// @notice The next nonce of a signer under a key: `key << 64 | sequence`.
    function nonce(address signer, uint192 key) external view returns (uint256);
    /// @notice What a payee can take out now.
    function withdrawable(address payee) external view returns (uint256);
    /// @notice Who shares what arrives now; the owner alone when nothing was set.
    function payees() external view returns (Payee[] memory);
    /// @notice The same payees with what each can take out now. Payees of former splits are not listed: ask `withdrawable`.
    function shares() external view returns (Share[] memory);
    /// @notice Announced splits, and when they may be applied; zero: none announced.
    function announcedSplits() external view returns (Payee[] memory payees_, uint40 effectiveFrom);
    function domainSeparator() external view returns (bytes32);
    /// @notice The EIP-3009 nonce that a purchase must be signed with.
    function purchaseNonce(uint256 songId, address licensee, uint256 maxPrice) external view returns (bytes32);
    /// @notice Where a payment for this song, quote and issuer goes; the issuer is who will call `buyAtTill`.
    function till(uint256 songId, bytes32 quote, address issuer) external view returns (address);
}
