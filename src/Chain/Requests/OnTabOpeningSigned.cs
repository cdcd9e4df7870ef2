using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Relays Tabs.openWithAuthorization.</summary>
internal sealed class OnTabOpeningSigned(StoreIntent intents) : IHandle<TabOpeningSigned>
{
    public Task Handle(TabOpeningSigned message, CancellationToken cancel) => intents.Store(
        message.RequestId, "open a tab", message.AccountId, Sender.Relayer,
        contracts => new Call(
            Address.Parse(contracts.Tabs),
            TabsContract.OpenWithAuthorization(Terms.Of(message.Terms), message.Units, message.ValidBefore, Hex.Decode(message.Signature)), Address.Parse(message.Terms.Listener)),
        cancel);
}
