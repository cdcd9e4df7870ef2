using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Sends Tabs.payOut.</summary>
internal sealed class OnPayOutDue(StoreIntent intents) : IHandle<PayOutDue>
{
    public Task Handle(PayOutDue message, CancellationToken cancel) => intents.Store(
        message.RequestId, "pay out", null, Sender.Relayer,
        contracts => new Call(
            Address.Parse(contracts.Tabs), TabsContract.PayOut(message.ArtistIds.Select(id => checked((uint)id)))),
        cancel);
}
