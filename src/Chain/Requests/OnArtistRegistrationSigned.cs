using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Relays ArtistRegistry.register.</summary>
internal sealed class OnArtistRegistrationSigned(StoreIntent intents) : IHandle<ArtistRegistrationSigned>
{
    public Task Handle(ArtistRegistrationSigned message, CancellationToken cancel) => intents.Store(
        message.RequestId, "register", message.AccountId, Sender.Relayer,
        contracts => new Call(
            Address.Parse(contracts.Registry),
            new Registration(Address.Parse(message.Owner), message.Handle, Address.Parse(message.Registrar), message.Deadline)
                .Encode(Hex.Decode(message.Signature)), Address.Parse(message.Owner)),
        cancel);
}
