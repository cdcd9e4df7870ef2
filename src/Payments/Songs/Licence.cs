using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Songs;

/// <summary>A wallet's permanent right to one song, as its artist's contract has it.</summary>
internal sealed class Licence
{
    public required string Contract { get; init; }
    public required long ChainSongId { get; init; }
    public required string Licensee { get; init; }
}

internal sealed class OnLicenceGranted(PaymentsDb db) : IHandle<LicenceGranted>
{
    public async Task Handle(LicenceGranted message, CancellationToken cancel)
    {
        var (contract, licensee) = (Addresses.Normalise(message.Contract), Addresses.Normalise(message.Licensee));
        if (!await db.Licences.AnyAsync(x => x.Contract == contract && x.ChainSongId == message.ChainSongId && x.Licensee == licensee, cancel))
            db.Licences.Add(new Licence { Contract = contract, ChainSongId = message.ChainSongId, Licensee = licensee });
    }
}
