using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Chains;

/// <summary>The chain this installation lives on, as Chain last said.</summary>
internal sealed class KnownChain
{
    public const int OnlyOne = 1;

    public int Id { get; init; } = OnlyOne;
    public long ChainId { get; set; }
    public string Tabs { get; set; } = "";
    public string Token { get; set; } = "";
    public string Cashier { get; set; } = "";
    public long ChallengeSeconds { get; set; }
    public bool Embedded { get; set; }

    public TabMessages Messages => new(ChainId, Tabs);

    public static Refusal NotReady => new(503, "chain-not-ready", "The chain is not connected yet; try again.") { RetryAfter = 2 };
}

internal sealed class OnChainReady(PaymentsDb db) : IHandle<ChainReady>
{
    public async Task Handle(ChainReady message, CancellationToken cancel)
    {
        var chain = await db.Chains.SingleOrDefaultAsync(cancel);
        if (chain is null) db.Chains.Add(chain = new KnownChain());
        chain.ChainId = message.ChainId;
        chain.Tabs = Addresses.Normalise(message.Tabs);
        chain.Token = Addresses.Normalise(message.Token);
        chain.Cashier = Addresses.Normalise(message.Cashier);
        chain.ChallengeSeconds = message.ChallengeSeconds;
        chain.Embedded = message.Embedded;
    }
}
