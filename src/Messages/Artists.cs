namespace Ovation.Messages;

// Facts the Artists module publishes. Addresses and hashes are 0x-prefixed hex, money is integer units (0.000001 of the token).

/// <summary>An artist signed the registration of their contract (ArtistRegistry.register); Chain relays it.</summary>
/// <param name="RequestId">Answered by <see cref="TransactionMined"/> or <see cref="TransactionRefused"/>.</param>
/// <param name="AccountId">The account whose gas allowance is drawn on.</param>
/// <param name="Owner">The artist's wallet; becomes the contract's owner.</param>
/// <param name="Handle">[a-z0-9_]{3,30}.</param>
/// <param name="Registrar">The only address that may send the call; the platform's relayer.</param>
/// <param name="Deadline">Unix seconds.</param>
/// <param name="Signature">EIP-712, 65 bytes r‖s‖v.</param>
public sealed record ArtistRegistrationSigned(
    Guid RequestId, Guid AccountId, string Owner, string Handle, string Registrar, long Deadline, string Signature);

/// <summary>The artist's contract is confirmed on chain and belongs to this account.</summary>
/// <param name="Version">Rises with each change; a lower one than already seen is stale. A reorganisation may change the id.</param>
public sealed record ArtistActivated(Guid AccountId, long ArtistId, string Handle, string Name, string Contract, string Owner, long Version);

/// <summary>A reorganisation dropped the contract: its artist cannot be paid until it is confirmed again.</summary>
/// <param name="Version">Counted on from <see cref="ArtistActivated"/>'s.</param>
public sealed record ArtistDeactivated(Guid AccountId, long ArtistId, long Version);

/// <summary>A payee signed Artist.withdrawWithSignature; Chain relays it.</summary>
/// <param name="Amount">Units.</param>
/// <param name="Nonce">0x-hex uint256: key and sequence as the contract's nonce(payee, key) gave it.</param>
public sealed record WithdrawalSigned(
    Guid RequestId, Guid AccountId, string Contract, string Payee, string To, long Amount, string Nonce, long Deadline, string Signature);
