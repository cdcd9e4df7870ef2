using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Relays Artist.publishWithSignature.</summary>
internal sealed class OnSongPublicationSigned(StoreIntent intents) : IHandle<SongPublicationSigned>
{
    public Task Handle(SongPublicationSigned message, CancellationToken cancel) => intents.Store(
        message.RequestId, "publish", message.AccountId, Sender.Relayer,
        contracts => new Call(
            Address.Parse(message.Contract),
            new PublishCall(
                [.. message.Songs.Select(s => new SongInput(Hash.Parse(s.Sha256), Hash.Parse(s.ManifestHash), s.PricePerPlay, s.LicencePrice))],
                Hex.ParseQuantity(message.Nonce), message.Deadline).Encode(Hex.Decode(message.Signature)), Address.Parse(message.Contract)),
        cancel);
}
