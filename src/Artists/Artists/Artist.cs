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

    /// <summary>The log that made it active; another one replaces it when a reorganisation changed what the registry says.</summary>
    public string? DeployedBy { get; set; }

    /// <summary>Rises with each message about the artist being active or not.</summary>
    public long Version { get; set; }

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

    /// <summary>The contract stands, under this id.</summary>
    public ArtistActivated Activate(ArtistDeployed fact)
    {
        State = ArtistState.Active;
        ArtistId = fact.ArtistId;
        Contract = fact.Contract;
        TxHash = fact.TxHash;
        DeployedBy = fact.LogId;
        Reason = null;
        return new ArtistActivated(AccountId, fact.ArtistId, Handle, Name, fact.Contract, fact.Owner, ++Version);
    }

    /// <summary>A reorganisation dropped the contract; the artist may sign the registration again.</summary>
    public ArtistDeactivated Deactivate(DateTimeOffset now)
    {
        var message = new ArtistDeactivated(AccountId, ArtistId!.Value, ++Version);
        (State, ReservedAt) = (ArtistState.Reserved, now); // the handle waits for its artist anew
        (RequestId, ArtistId, TxHash, DeployedBy) = (null, null, null, null);
        Reason = "The chain dropped the registration; sign it again (ovation artist create).";
        return message;
    }
}
