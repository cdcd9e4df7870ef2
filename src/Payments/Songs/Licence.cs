using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Songs;

/// <summary>A log that gave a wallet a permanent right to one song; live, or undone by a reorganisation.</summary>
internal sealed class Licence
{
    public required string LogId { get; init; }
    public required string Contract { get; init; }
    public required long ChainSongId { get; init; }
    public required string Licensee { get; init; }
    public bool Undone { get; set; }

    public static Licence Of(LicenceGranted fact) => new()
    {
        LogId = fact.LogId,
        Contract = Addresses.Normalise(fact.Contract),
        ChainSongId = fact.ChainSongId,
        Licensee = Addresses.Normalise(fact.Licensee),
    };
}

internal sealed class OnLicenceGranted(PaymentsDb db) : IHandle<LicenceGranted>
{
    public async Task Handle(LicenceGranted message, CancellationToken cancel)
    {
        if (await db.Licences.FindAsync([message.LogId], cancel) is null) db.Licences.Add(Licence.Of(message));
    }
}

internal sealed class OnLicenceGrantedUndone(PaymentsDb db) : IHandle<LicenceGrantedUndone>
{
    public async Task Handle(LicenceGrantedUndone message, CancellationToken cancel)
    {
        if (await db.Licences.FindAsync([message.Fact.LogId], cancel) is not { } licence) db.Licences.Add(licence = Licence.Of(message.Fact));
        licence.Undone = true;
    }
}
