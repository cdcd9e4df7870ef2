using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Sends Tabs.finishClose once the challenge time is over.</summary>
internal sealed class OnTabClosingDue(StoreIntent intents) : IHandle<TabClosingDue>
{
    public Task Handle(TabClosingDue message, CancellationToken cancel) => intents.Store(
        message.RequestId, "finish a close", null, Sender.Relayer,
        contracts => new Call(Address.Parse(contracts.Tabs), TabsContract.FinishClose(Terms.Of(message.Terms))),
        cancel, message.NotBefore);
}
