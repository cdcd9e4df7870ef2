// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Listeners' deposits, and the cumulative statements that pay any number of artists from them.
/// @notice A tab's P-256 key signs statements: lists of (artist, cumulative units). The contract keeps the largest amount per
/// artist that was ever settled (a grow-only counter): replays and old statements change nothing, a fork costs its signer both.
/// A tab key can pay artists and close the tab; it can take nothing out. The cashier can direct no money: without its
/// countersignature a listener could sign a second statement to an artist of their own and settle that first. Cashier and
/// listener together can do so; server operators answer for their cashier.
/// @dev Assumes a token without fees on transfer (deposits that arrive short are refused) and units of 0.000001. No admin.
/// `domain` = keccak256(abi.encode("Ovation Tabs 1", chainId, this)). Tag of a kind of message = SHA-256(abi.encode(kind,
/// chainId, this)). Statement digest = SHA-256(tag("Ovation statement 1") ‖ tabId ‖ SHA-256(list) ‖ playsRoot). Close digest =
/// SHA-256(tag("Ovation close 1") ‖ tabId). P-256 signatures are r ‖ s with s ≤ n/2.
interface ITabs {
    /// @param listener gets the refund; signs or sends the opening
    /// @param qx tab key (P-256), x
    /// @param qy tab key, y
    /// @param cashier an EOA; countersigns statements
    /// @param feeBps the platform's fee in 1/10,000 on top of what artists get, at most 1,000
    /// @param salt anything; another salt is another tab
    struct TabKey {
        address listener;
        bytes32 qx;
        bytes32 qy;
        address cashier;
        uint16 feeBps;
        bytes32 salt;
    }

    enum TabState {
        None,
        Open,
        Closing,
        Closed
    }

    /// @param deposit units paid in, ever
    /// @param settled units credited to artists (and as fee), ever; at most `deposit`
    /// @param closesAt Unix seconds from which the rest may be refunded; 0 while open
    /// @param settledHash SHA-256 of the merged list; 0 when nothing was settled
    struct Tab {
        uint64 deposit;
        uint64 settled;
        uint40 closesAt;
        TabState state;
        bytes32 settledHash;
    }

    /// @param r statement signature by the tab key
    /// @param s statement signature, s ≤ n/2
    /// @param playsRoot what the statement also commits to: the chain of plays (PROTOCOL 3); opaque here
    /// @param prev the merged list settled before (preimage of `settledHash`); empty the first time
    /// @param list 10 bytes an entry: uint32 artistId, uint48 cumulative units; ids strictly ascending, no zero units, at most
    /// 500; entry 0 is the fee = floor(feeBps · Σ others / 10,000), left out when that is zero
    struct Item {
        TabKey key;
        bytes32 r;
        bytes32 s;
        bytes32 playsRoot;
        bytes prev;
        bytes list;
    }

    event TabOpened(
        bytes32 indexed tabId,
        address indexed listener,
        address indexed cashier,
        bytes32 qx,
        bytes32 qy,
        uint16 feeBps,
        bytes32 salt,
        uint64 units
    );
    event TabToppedUp(bytes32 indexed tabId, address indexed payer, uint64 units);
    /// @param mergedHash SHA-256 of the list now settled: the next item's `prev`
    /// @param delta units credited now; 0 for a replay
    event Settled(bytes32 indexed tabId, bytes32 mergedHash, bytes32 playsRoot, uint64 delta);
    /// @notice The list as signed: with it the logs alone tell what each artist was credited.
    event SettledList(bytes32 indexed tabId, bytes list);
    /// @notice An item of a batch that changed nothing. `reason` is the selector of the error it ran into.
    event Skipped(bytes32 indexed tabId, bytes4 reason);
    event CloseAnnounced(bytes32 indexed tabId, uint40 closesAt);
    event TabClosed(bytes32 indexed tabId, uint64 refunded);
    /// @param artistId 0: the fee, to the treasury
    event PaidOut(uint32 indexed artistId, address indexed to, uint256 units);
    /// @notice The token refused the transfer; the credit stays.
    event PayOutFailed(uint32 indexed artistId, address indexed to, uint256 units);

    error TreasuryMissing();
    error CashierMissing();
    error FeeTooHigh(uint16 feeBps, uint16 highest);
    error BadTabKey(bytes32 qx, bytes32 qy);
    error DepositMissing();
    /// @notice Somebody else pays the gas: the deposit must be worth it.
    error DepositTooSmall(uint64 units, uint64 least);
    error DepositTooLarge(uint256 units, uint256 most);
    error ValidBeforeTooFar(uint256 validBefore, uint256 latest);
    error TabExists(bytes32 tabId);
    error TabNotOpen(bytes32 tabId, TabState state);
    error NotListener(address caller, address listener);
    error DeadlinePassed(uint256 deadline, uint256 time);
    /// @notice The signature of the listener, the tab key or the cashier does not fit.
    error BadListenerSignature(address listener);
    error BadTabKeySignature(bytes32 tabId, bytes32 digest);
    error BadCashierSignature(bytes32 tabId, address cashier);
    error NotCashier(address caller, address cashier);
    error WrongPrevious(bytes32 tabId, bytes32 settledHash);
    /// @notice Empty, not a multiple of 10 bytes, ids not strictly ascending, or an entry of zero units.
    error MalformedList(bytes32 tabId);
    error TooManyEntries(uint256 entries, uint256 most);
    error UnknownArtist(uint256 artistId, uint256 artistCount);
    error WrongFee(uint256 fee, uint256 expected);
    error OverDeposit(bytes32 tabId, uint256 total, uint256 deposit);
    /// @notice An artist would be owed 2^62 units or more at once. Pay out first.
    error CreditTooLarge(bytes32 tabId);
    error ChallengeRunning(bytes32 tabId, uint40 closesAt);
    error OnlySelf();
    /// @notice An item failed for a reason that is not the item's own, too little gas for instance: nothing was settled.
    error BatchStopped(uint256 index, bytes reason);
    /// @notice A pay-out's transfer failed, and might have succeeded with the gas every transfer may use: nothing was paid.
    error TooLittleGas(uint256 left, uint256 least);

    // ---- opening

    /// @notice Opens a tab with the listener's EIP-3009 signature; anybody may send it.
    /// @dev The listener signs `ReceiveWithAuthorization(from = listener, to = this, value = units, validAfter = 0,
    /// validBefore, nonce = keccak256(abi.encode("open", domain, tabId)))` of the token.
    /// @param units at least 1,000,000
    /// @param validBefore Unix seconds, at most an hour ahead
    /// @param signature 65 bytes r ‖ s ‖ v, v = 27 or 28
    function openWithAuthorization(TabKey calldata key, uint64 units, uint256 validBefore, bytes calldata signature)
        external;

    /// @notice The listener opens a tab from its allowance. Also for listeners that are contracts.
    function open(TabKey calldata key, uint64 units) external;

    /// @notice Adds to an open tab with the listener's EIP-3009 signature; as `openWithAuthorization`, with
    /// nonce = keccak256(abi.encode("top-up", domain, tabId, salt)); a new salt for each top-up.
    function topUpWithAuthorization(
        TabKey calldata key,
        uint64 units,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external;

    /// @notice Adds to an open tab from the caller's allowance. Anybody; a refund goes to the listener all the same.
    function topUp(TabKey calldata key, uint64 units) external;

    // ---- settling

    /// @notice Settles a statement. Anybody who holds it with both signatures.
    /// @param cashierSignature 65 bytes r ‖ s ‖ v (secp256k1, low s) by the cashier over the statement digest itself, no prefix
    /// @return delta units credited
    function settle(Item calldata item, bytes calldata cashierSignature) external returns (uint64 delta);

    /// @notice The cashier settles many tabs; its transaction stands for its signature. An item that cannot be settled is
    /// skipped and logged; a tab of another cashier, or too little gas, reverts the whole batch.
    function settleBatch(Item[] calldata items) external;

    /// @dev One item of a batch; only this contract calls it, so that a failed item leaves nothing behind.
    function settleFromBatch(Item calldata item) external;

    // ---- closing: the rest goes to the listener's address, whoever asks

    /// @notice The listener asks for the rest back; artists have the challenge time to settle what they hold.
    function announceClose(TabKey calldata key) external;

    /// @notice The same, signed by the listener (EIP-712 domain: name "Ovation Tabs", version "1", chainId, verifyingContract;
    /// type `AnnounceClose(bytes32 tabId,uint256 deadline)`; EIP-1271 included) and sent by anybody.
    function announceCloseWithSignature(TabKey calldata key, uint256 deadline, bytes calldata signature) external;

    /// @notice The same, signed by the tab key over the close digest and sent by anybody.
    function announceCloseWithTabKey(TabKey calldata key, bytes32 r, bytes32 s) external;

    /// @notice Refunds and ends a tab whose challenge time is over. Anybody. Statements settle until this is called.
    function finishClose(TabKey calldata key) external;

    // ---- paying artists

    /// @notice Moves credits into the artists' contracts (id 0: to the treasury). Anybody. Ids without credit and transfers the
    /// token refuses are passed over. A transfer may use 500,000 gas; bring that much once more than it needs if one may fail.
    function payOut(uint32[] calldata artistIds) external;

    // ---- views

    function tabId(TabKey calldata key) external pure returns (bytes32);
    function tab(bytes32 tabId_) external view returns (Tab memory);
    /// @notice Units settled for an artist and not paid out yet.
    function credit(uint32 artistId) external view returns (uint256);
    /// @notice The same for many artists, in their order.
    function credits(uint32[] calldata artistIds) external view returns (uint256[] memory units);
    /// @notice What the tab key and the cashier sign for a list and plays root.
    function statementDigest(bytes32 tabId_, bytes calldata list, bytes32 playsRoot) external view returns (bytes32);
    function closeDigest(bytes32 tabId_) external view returns (bytes32);
    function domain() external view returns (bytes32);
    function token() external view returns (address);
    function registry() external view returns (address);
    function treasury() external view returns (address);
    /// @notice Seconds from announcing a close to the refund.
    function challenge() external view returns (uint40);
}
