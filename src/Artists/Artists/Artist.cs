using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Artists.Artists;

internal enum ArtistState
{
    Reserved,
    Registering,
    Active,
}

/// <summary>One account's artist: first a reserved handle, then a registration under way, then a contract on chain.</summary>
internal sealed class Artist
{
    /// <summary>How long a handle waits for its artist's signature.</summary>
    public static readonly TimeSpan Reservation = TimeSpan.FromHours(24);

    public Guid AccountId { get; set; }
    public required string Handle { get; set; }
    public required string Name { get; set; }
    public required string Owner { get; set; }
    public ArtistState State { get; set; }
    public DateTimeOffset ReservedAt { get; set; }
    public Guid? RequestId { get; set; }
    public long? ArtistId { get; set; }
    public string? Contract { get; set; }
    public string? Reason { get; set; }
    public string? TxHash { get; set; }

    public bool Lapsed(DateTimeOffset now) => State == ArtistState.Reserved && ReservedAt + Reservation < now;

    /// <summary>The artist signed; the fact Chain acts on, or null when one is already under way.</summary>
    public ArtistRegistrationSigned? Register(string registrar, long deadline, string signature)
    {
        if (State != ArtistState.Reserved) return null;
        State = ArtistState.Registering;
        RequestId = Guid.CreateVersion7();
        Reason = null;
        return new ArtistRegistrationSigned(RequestId.Value, AccountId, Owner, Handle, registrar, deadline, signature);
    }

    public void Refuse(string reason)
    {
        if (State != ArtistState.Registering) return;
        State = ArtistState.Reserved;
        RequestId = null;
        Reason = reason;
    }

    /// <summary>The contract stands; null when this was known already.</summary>
    public ArtistActivated? Activate(ArtistDeployed fact)
    {
        if (State == ArtistState.Active) return null;
        State = ArtistState.Active;
        ArtistId = fact.ArtistId;
        Contract = fact.Contract;
        TxHash = fact.TxHash;
        Reason = null;
        return new ArtistActivated(AccountId, fact.ArtistId, Handle, Name, fact.Contract, fact.Owner);
    }
}
