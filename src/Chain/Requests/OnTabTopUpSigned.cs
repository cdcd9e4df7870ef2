using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Relays Tabs.topUpWithAuthorization.</summary>
internal sealed class OnTabTopUpSigned(StoreIntent intents) : IHandle<TabTopUpSigned>
{
    public Task Handle(TabTopUpSigned message, CancellationToken cancel) => intents.Store(
        message.RequestId, "top up a tab", message.AccountId, Sender.Relayer,
        contracts => new Call(
            Address.Parse(contracts.Tabs),
            TabsContract.TopUpWithAuthorization(
                Terms.Of(message.Terms), message.Units, message.ValidBefore, Hash.Parse(message.Salt), Hex.Decode(message.Signature)), Address.Parse(message.Terms.Listener)),
        cancel);
}
