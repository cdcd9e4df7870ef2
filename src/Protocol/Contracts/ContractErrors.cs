using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>Every custom error of Ovation's contracts and of what they are built on, to say in words why a call reverted.</summary>
public static class ContractErrors
{
    private const int MaxText = 200;

    /// <summary>The errors; one that several contracts share stands here once.</summary>
    public static readonly IReadOnlyList<AbiError> All = [.. new[]
    {
        // ArtistRegistry
        "BadHandle(bytes32 handle)", "HandleTaken(address registrar, bytes32 handle, uint32 artistId)", "NotRegistrar(address caller, address registrar)",
        "OwnerMissing()", "OwnerRegistered(address owner, address artist)", "DeadlinePassed(uint256 deadline, uint256 time)",
        "DeadlineTooFar(uint256 deadline, uint256 latest)", "BadSignature(address signer)",
        // Artist
        "AlreadyInitialised()", "AlreadyLicensed(uint256 songId, address licensee)", "AmountMissing()", "BadNonce(address signer, uint256 nonce, uint256 expected)",
        "BadPayee(address account, uint16 bps)", "BadRecipient(address to)", "HashMissing()", "LicenseeMissing()", "NoSongs()", "NoSplitsDue(uint40 effectiveFrom)",
        "NonceKeyNotZero(uint192 key)", "NotEnough(address payee, uint256 amount, uint256 withdrawable)", "NotForSale(uint256 songId)", "NotOwner(address caller)",
        "NotPendingOwner(address caller)", "NotRegistry(address caller)", "PaymentOutstanding(address from, bytes32 nonce)", "PriceAboveMaximum(uint256 songId, uint256 price, uint256 maxPrice)",
        "PriceTooHigh(uint64 price, uint64 highest)", "SharesDoNotSum(uint256 sum, uint256 expected)", "SongNotActive(uint256 songId)",
        "TillShort(address till, uint256 received, uint256 expected)", "TillUsed(address till)", "TooManyPayees(uint256 payees, uint256 most)", "UnknownSong(uint256 songId)",
        // Tabs
        "BadCashierSignature(bytes32 tabId, address cashier)", "BadListenerSignature(address listener)", "BadTabKey(bytes32 qx, bytes32 qy)",
        "BadTabKeySignature(bytes32 tabId, bytes32 digest)", "BatchStopped(uint256 index, bytes reason)", "CashierMissing()",
        "ChallengeRunning(bytes32 tabId, uint40 closesAt)", "CreditTooLarge(bytes32 tabId)", "DepositMissing()", "DepositTooLarge(uint256 units, uint256 most)",
        "DepositTooSmall(uint64 units, uint64 least)", "FeeTooHigh(uint16 feeBps, uint16 highest)", "MalformedList(bytes32 tabId)",
        "NotCashier(address caller, address cashier)", "NotListener(address caller, address listener)", "OnlySelf()",
        "OverDeposit(bytes32 tabId, uint256 total, uint256 deposit)", "TabExists(bytes32 tabId)", "TabNotOpen(bytes32 tabId, uint8 state)",
        "TooLittleGas(uint256 left, uint256 least)", "TooManyEntries(uint256 entries, uint256 most)", "TreasuryMissing()", "UnknownArtist(uint256 artistId, uint256 artistCount)",
        "ValidBeforeTooFar(uint256 validBefore, uint256 latest)", "WrongFee(uint256 fee, uint256 expected)", "WrongPrevious(bytes32 tabId, bytes32 settledHash)",
        // DevDollar
        "FaucetTooMuch(uint256 units, uint256 most)",
        // what they take money in with, and OpenZeppelin
        "BadSignatureLength(uint256 length)", "PaymentNotExact(uint256 received, uint256 expected)", "ReentrancyGuardReentrantCall()",
        "SafeERC20FailedOperation(address token)", "FailedDeployment()", "InsufficientBalance(uint256 balance, uint256 needed)", "InvalidShortString()",
        "StringTooLong(string str)", "ECDSAInvalidSignature()", "ECDSAInvalidSignatureLength(uint256 length)", "ECDSAInvalidSignatureS(bytes32 s)",
        "ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)", "ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
        "ERC20InvalidApprover(address approver)", "ERC20InvalidReceiver(address receiver)", "ERC20InvalidSender(address sender)",
        "ERC20InvalidSpender(address spender)", "ERC2612ExpiredSignature(uint256 deadline)", "ERC2612InvalidSigner(address signer, address owner)",
        "ERC3009InvalidAuthorizationTime(uint256 validAfter, uint256 validBefore)", "ERC3009InvalidSignature()",
        "ERC3009UsedAuthorization(address authorizer, bytes32 nonce)", "InvalidAccountNonce(address account, uint256 currentNonce)",
    }.Select(AbiError.Parse)];

    private static readonly Dictionary<uint, AbiError> BySelector =
        All.Append(AbiError.Reason).Append(AbiError.Panic).ToDictionary(e => BinaryPrimitives.ReadUInt32BigEndian(e.Selector.Span));

    /// <summary>The error's name alone, to decide by; <c>0x</c> and its selector when it is not known, empty when there is none.</summary>
    /// <param name="revertData">What the call reverted with, or its first four bytes.</param>
    public static string NameOf(ReadOnlySpan<byte> revertData) =>
        Find(revertData)?.Name ?? (revertData.IsEmpty ? "" : Hex.Encode(revertData[..Math.Min(4, revertData.Length)]));

    /// <summary>Name and arguments, to show: <c>NotEnough(payee: 0x…, amount: 5, withdrawable: 3)</c>. One line of printable ASCII, whatever the data.</summary>
    /// <param name="revertData">What the call reverted with.</param>
    public static string Explain(ReadOnlySpan<byte> revertData)
    {
        if (revertData.IsEmpty)
            return "reverted without a reason";
        if (Find(revertData) is not { } error)
            return $"unknown error {Cut(Hex.Encode(revertData))}";
        try
        {
            var values = error.Decode(revertData);
            return $"{error.Name}({string.Join(", ", error.Inputs.Select((p, i) => $"{p.Name}: {Text(p, values[i])}"))})";
        }
        catch (AbiException)
        {
            return $"{error.Name} with arguments that cannot be read: {Cut(Hex.Encode(revertData))}";
        }
    }

    private static AbiError? Find(ReadOnlySpan<byte> data) =>
        data.Length >= 4 ? BySelector.GetValueOrDefault(BinaryPrimitives.ReadUInt32BigEndian(data)) : null;

    private static string Text(AbiParameter parameter, object value) => value switch
    {
        // The reason of a batch is another error. It is the only nesting there is, so hostile data cannot make it deep.
        byte[] inner when parameter.Name == "reason" && Find(inner) is { Name: not "BatchStopped" } => Explain(inner),
        byte[] bytes => Cut(Hex.Encode(bytes)),
        Hash32 handle when parameter.Name == "handle" && Handles.TryFromBytes32(handle.ToHash(), out var text) => text,
        string text => $"\"{Printable(text)}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    // Reasons come from any contract and end up in terminals and pages.
    private static string Printable(string text)
    {
        var line = new StringBuilder();
        foreach (var c in Cut(text))
            line.Append(c is >= ' ' and <= '~' and not ('"' or '\\') ? c : '?');
        return line.ToString();
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText - 3), "...");
}
