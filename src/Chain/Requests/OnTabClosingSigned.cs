using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Relays Tabs.announceCloseWithTabKey.</summary>
internal sealed class OnTabClosingSigned(StoreIntent intents) : IHandle<TabClosingSigned>
{
    public Task Handle(TabClosingSigned message, CancellationToken cancel) => intents.Store(
        message.RequestId, "announce a close", message.AccountId, Sender.Relayer,
        contracts => new Call(
            Address.Parse(contracts.Tabs), TabsContract.AnnounceCloseWithTabKey(Terms.Of(message.Terms), Hex.Decode(message.Signature)), Address.Parse(message.Terms.Listener)),
        cancel);
}
