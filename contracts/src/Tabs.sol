// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IArtistRegistry} from "./interfaces/IArtistRegistry.sol";
import {ITabs} from "./interfaces/ITabs.sol";
import {Credits} from "./libraries/Credits.sol";
import {Incoming} from "./libraries/Incoming.sol";
import {Statements} from "./libraries/Statements.sol";

/// @title Listeners' deposits and the statements that pay artists from them. The public page is `ITabs`.
/// @dev Digests are made anew from chain id and address on each call: a chain that splits off shares no signature with this one.
contract Tabs is ITabs, IERC165, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using Credits for Credits.Book;

    bytes32 private constant ANNOUNCE_CLOSE = keccak256("AnnounceClose(bytes32 tabId,uint256 deadline)");
    uint256 private constant MOST_DEPOSIT = 2 ** 53 - 1;
    uint64 private constant LEAST_RELAYED = 1_000_000;
    uint256 private constant LONGEST_AUTHORISATION = 1 hours;
    uint16 private constant HIGHEST_FEE = 1_000;
    uint256 private constant WHOLE = 10_000;
    uint256 private constant TRANSFER_GAS = 500_000;
    /// So that 63/64 of what is left when the token is called are `TRANSFER_GAS`.
    uint256 private constant LEAST_GAS = TRANSFER_GAS * 33 / 32;

    IERC20 private immutable _token;
    IArtistRegistry private immutable _registry;
    /// @inheritdoc ITabs
    address public immutable treasury;
    /// @inheritdoc ITabs
    uint40 public immutable challenge;

    mapping(bytes32 tabId => Tab) private _tabs;
    Credits.Book private _credits;

    /// @param challenge_ seconds between announcing a close and the refund
    constructor(address token_, address registry_, address treasury_, uint40 challenge_) EIP712("Ovation Tabs", "1") {
        require(treasury_ != address(0), TreasuryMissing());
        (_token, _registry, treasury, challenge) = (IERC20(token_), IArtistRegistry(registry_), treasury_, challenge_);
    }

    // ---- opening

    /// @inheritdoc ITabs
    function openWithAuthorization(TabKey calldata key, uint64 units, uint256 validBefore, bytes calldata signature)
        external
        nonReentrant
    {
        _checkRelayed(units, validBefore);
        bytes32 paymentNonce = keccak256(abi.encode("open", domain(), _open(key, units)));
        Incoming.byAuthorisation(_token, key.listener, units, validBefore, paymentNonce, signature);
    }

    /// @inheritdoc ITabs
    function open(TabKey calldata key, uint64 units) external nonReentrant {
        require(msg.sender == key.listener, NotListener(msg.sender, key.listener));
        _open(key, units);
        Incoming.byAllowance(_token, msg.sender, units);
    }

    function _open(TabKey calldata key, uint64 units) private returns (bytes32 id) {
        require(units != 0, DepositMissing());
        require(units <= MOST_DEPOSIT, DepositTooLarge(units, MOST_DEPOSIT));
        require(key.cashier != address(0), CashierMissing());
        require(key.feeBps <= HIGHEST_FEE, FeeTooHigh(key.feeBps, HIGHEST_FEE));
        require(P256.isValidPublicKey(key.qx, key.qy), BadTabKey(key.qx, key.qy));
        id = tabId(key);
        Tab storage t = _tabs[id];
        require(t.state == TabState.None, TabExists(id));

        (t.deposit, t.state) = (units, TabState.Open);

        emit TabOpened(id, key.listener, key.cashier, key.qx, key.qy, key.feeBps, key.salt, units);
    }

    /// @inheritdoc ITabs
    function topUpWithAuthorization(
        TabKey calldata key,
        uint64 units,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external nonReentrant {
        _checkRelayed(units, validBefore);
        bytes32 paymentNonce = keccak256(abi.encode("top-up", domain(), _topUp(key, key.listener, units), salt));
        Incoming.byAuthorisation(_token, key.listener, units, validBefore, paymentNonce, signature);
    }

    /// @inheritdoc ITabs
    function topUp(TabKey calldata key, uint64 units) external nonReentrant {
        _topUp(key, msg.sender, units);
        Incoming.byAllowance(_token, msg.sender, units);
    }

    function _topUp(TabKey calldata key, address payer, uint64 units) private returns (bytes32 id) {
        require(units != 0, DepositMissing());
        id = tabId(key);
        Tab storage t = _inState(id, TabState.Open);
        require(units <= MOST_DEPOSIT - t.deposit, DepositTooLarge(uint256(t.deposit) + units, MOST_DEPOSIT));

        t.deposit += units;

        emit TabToppedUp(id, payer, units);
    }

    function _checkRelayed(uint64 units, uint256 validBefore) private view {
        uint256 latest = block.timestamp + LONGEST_AUTHORISATION;
        require(units >= LEAST_RELAYED, DepositTooSmall(units, LEAST_RELAYED));
        require(validBefore <= latest, ValidBeforeTooFar(validBefore, latest));
    }

    function _inState(bytes32 id, TabState state) private view returns (Tab storage t) {
        t = _tabs[id];
        require(t.state == state, TabNotOpen(id, t.state));
    }

    // ---- settling

    /// @inheritdoc ITabs
    function settle(Item calldata item, bytes calldata cashierSignature) external nonReentrant returns (uint64 delta) {
        bytes32 id = tabId(item.key);
        bytes32 listHash = sha256(item.list);
        bytes32 digest = _verify(item, id, listHash);
        (address signer, ECDSA.RecoverError bad,) = ECDSA.tryRecoverCalldata(digest, cashierSignature);
        require(
            bad == ECDSA.RecoverError.NoError && signer == item.key.cashier, BadCashierSignature(id, item.key.cashier)
        );
        delta = _settle(item, id, listHash);
    }

    /// @inheritdoc ITabs
    function settleBatch(Item[] calldata items) external nonReentrant {
        for (uint256 i; i < items.length; ++i) {
            TabKey calldata key = items[i].key;
            require(msg.sender == key.cashier, NotCashier(msg.sender, key.cashier));
            try this.settleFromBatch(items[i]) {}
            catch (bytes memory reason) {
                // Running out of gas leaves no reason, or a panic. Only what is wrong with the item itself may skip it.
                // forge-lint: disable-next-line(unsafe-typecast)
                bytes4 selector = bytes4(reason);
                require(_isItemsOwn(selector), BatchStopped(i, reason));
                emit Skipped(tabId(key), selector);
            }
        }
    }

    /// @inheritdoc ITabs
    function settleFromBatch(Item calldata item) external {
        require(msg.sender == address(this), OnlySelf());
        bytes32 id = tabId(item.key);
        bytes32 listHash = sha256(item.list);
        _verify(item, id, listHash);
        _settle(item, id, listHash);
    }

    function _isItemsOwn(bytes4 selector) private pure returns (bool) {
        return selector == TabNotOpen.selector || selector == WrongPrevious.selector
            || selector == MalformedList.selector || selector == TooManyEntries.selector
            || selector == BadTabKeySignature.selector || selector == UnknownArtist.selector
            || selector == WrongFee.selector || selector == OverDeposit.selector || selector == CreditTooLarge.selector;
    }

    function _verify(Item calldata item, bytes32 id, bytes32 listHash) private view returns (bytes32 digest) {
        digest = _digest(id, listHash, item.playsRoot);
        require(P256.verify(digest, item.r, item.s, item.key.qx, item.key.qy), BadTabKeySignature(id, digest));
    }

    function _settle(Item calldata item, bytes32 id, bytes32 listHash) private returns (uint64 delta) {
        Tab storage t = _tabs[id];
        require(t.state == TabState.Open || t.state == TabState.Closing, TabNotOpen(id, t.state));
        bytes32 settledHash = t.settledHash;
        require(
            item.prev.length == 0 ? settledHash == 0 : sha256(item.prev) == settledHash, WrongPrevious(id, settledHash)
        );
        (uint256 growth, bool forked) = _credit(item, id);
        uint256 total = t.settled + growth;
        require(total <= t.deposit, OverDeposit(id, total, t.deposit));

        settledHash = forked ? sha256(Statements.union(item.prev, item.list)) : listHash;
        // forge-lint: disable-next-line(unsafe-typecast)
        (t.settled, t.settledHash, delta) = (uint64(total), settledHash, uint64(growth)); // at most the deposit

        emit Settled(id, settledHash, item.playsRoot, delta);
        emit SettledList(id, item.list);
    }

    function _credit(Item calldata item, bytes32 id) private returns (uint256 growth, bool forked) {
        uint256 entries = item.list.length / Statements.ENTRY;
        require(entries != 0 && item.list.length % Statements.ENTRY == 0, MalformedList(id));
        require(entries <= Statements.MOST_ENTRIES, TooManyEntries(entries, Statements.MOST_ENTRIES));

        uint256 sum;
        uint256 written;
        (growth, sum, forked, written) = _credits.add(item.prev, item.list);
        require(sum != 0, MalformedList(id));
        require(!Credits.isFull(written), CreditTooLarge(id));
        _checkArtists(item.list);
        _checkFee(item.list, sum, item.key.feeBps);
    }

    /// The last id of an ascending list is its highest.
    function _checkArtists(bytes calldata list) private view {
        uint256 last = uint32(bytes4(list[list.length - Statements.ENTRY:][:4]));
        uint256 count = _registry.artistCount();
        require(last <= count, UnknownArtist(last, count));
    }

    /// @param sum of all entries, the fee included
    function _checkFee(bytes calldata list, uint256 sum, uint256 feeBps) private pure {
        uint256 fee = bytes4(list[:4]) == 0 ? uint48(bytes6(list[4:Statements.ENTRY])) : 0;
        uint256 expected = feeBps * (sum - fee) / WHOLE;
        require(fee == expected, WrongFee(fee, expected));
    }

    // ---- closing

    /// @inheritdoc ITabs
    function announceClose(TabKey calldata key) external {
        require(msg.sender == key.listener, NotListener(msg.sender, key.listener));
        _announceClose(tabId(key));
    }

    /// @inheritdoc ITabs
    function announceCloseWithSignature(TabKey calldata key, uint256 deadline, bytes calldata signature) external {
        require(deadline >= block.timestamp, DeadlinePassed(deadline, block.timestamp));
        bytes32 id = tabId(key);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(ANNOUNCE_CLOSE, id, deadline)));
        require(
            SignatureChecker.isValidSignatureNowCalldata(key.listener, digest, signature),
            BadListenerSignature(key.listener)
        );
        _announceClose(id);
    }

    /// @inheritdoc ITabs
    function announceCloseWithTabKey(TabKey calldata key, bytes32 r, bytes32 s) external {
        bytes32 id = tabId(key);
        bytes32 digest = closeDigest(id);
        require(P256.verify(digest, r, s, key.qx, key.qy), BadTabKeySignature(id, digest));
        _announceClose(id);
    }

    function _announceClose(bytes32 id) private {
        Tab storage t = _inState(id, TabState.Open);
        uint40 closesAt = uint40(block.timestamp) + challenge;

        (t.state, t.closesAt) = (TabState.Closing, closesAt);

        emit CloseAnnounced(id, closesAt);
    }

    /// @inheritdoc ITabs
    function finishClose(TabKey calldata key) external nonReentrant {
        bytes32 id = tabId(key);
        Tab storage t = _inState(id, TabState.Closing);
        require(block.timestamp >= t.closesAt, ChallengeRunning(id, t.closesAt));
        uint64 rest = t.deposit - t.settled;

        t.state = TabState.Closed;

        emit TabClosed(id, rest);

        if (rest != 0) _token.safeTransfer(key.listener, rest);
    }

    // ---- paying artists

    /// @inheritdoc ITabs
    function payOut(uint32[] calldata artistIds) external nonReentrant {
        for (uint256 i; i < artistIds.length; ++i) {
            uint32 id = artistIds[i];
            uint256 units = _credits.owed(id);
            if (units == 0) continue;
            address to = id == 0 ? treasury : _registry.artistOf(id);
            _credits.take(id, units);
            // events after the transfer, because they say how it went; the lock keeps calls back out
            if (_tryTransfer(to, units)) {
                emit PaidOut(id, to, units);
            } else {
                _credits.giveBack(id, units);
                emit PayOutFailed(id, to, units);
            }
        }
    }

    /// SafeERC20's rules, but no more gas than `TRANSFER_GAS`: a payee for whom the token burns all it gets, or answers with
    /// megabytes, must not take the next one's. A refusal counts only if that much was to be had.
    function _tryTransfer(address to, uint256 units) private returns (bool good) {
        bytes memory input = abi.encodeCall(IERC20.transfer, (to, units));
        address callee = address(_token);
        (uint256 allowed, uint256 left) = (TRANSFER_GAS, gasleft());
        assembly ("memory-safe") {
            good := call(allowed, callee, 0, add(input, 32), mload(input), 0, 32)
            switch returndatasize()
            case 0 { good := and(good, gt(extcodesize(callee), 0)) }
            default { good := and(good, and(gt(returndatasize(), 31), eq(mload(0), 1))) }
        }
        require(good || left >= LEAST_GAS, TooLittleGas(left, LEAST_GAS));
    }

    // ---- views

    /// @inheritdoc ITabs
    function tabId(TabKey calldata key) public pure returns (bytes32) {
        return keccak256(abi.encode(key));
    }

    /// @inheritdoc ITabs
    function tab(bytes32 tabId_) external view returns (Tab memory) {
        return _tabs[tabId_];
    }

    /// @inheritdoc ITabs
    function credit(uint32 artistId) public view returns (uint256) {
        return _credits.owed(artistId);
    }

    /// @inheritdoc ITabs
    function credits(uint32[] calldata artistIds) external view returns (uint256[] memory units) {
        units = new uint256[](artistIds.length);
        for (uint256 i; i < artistIds.length; ++i) {
            units[i] = _credits.owed(artistIds[i]);
        }
    }

    /// @inheritdoc ITabs
    function statementDigest(bytes32 tabId_, bytes calldata list, bytes32 playsRoot) public view returns (bytes32) {
        return _digest(tabId_, sha256(list), playsRoot);
    }

    function _digest(bytes32 id, bytes32 listHash, bytes32 playsRoot) private view returns (bytes32) {
        return sha256(abi.encodePacked(_tag("Ovation statement 1"), id, listHash, playsRoot));
    }

    /// @inheritdoc ITabs
    function closeDigest(bytes32 tabId_) public view returns (bytes32) {
        return sha256(abi.encodePacked(_tag("Ovation close 1"), tabId_));
    }

    function _tag(string memory kind) private view returns (bytes32) {
        return sha256(abi.encode(kind, block.chainid, address(this)));
    }

    /// @inheritdoc ITabs
    function domain() public view returns (bytes32) {
        return keccak256(abi.encode("Ovation Tabs 1", block.chainid, address(this)));
    }

    /// @inheritdoc ITabs
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc ITabs
    function registry() external view returns (address) {
        return address(_registry);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(ITabs).interfaceId || interfaceId == type(IERC165).interfaceId;
    }
}
