using System.Text.Json.Serialization;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Client;

/// <summary>A countersigned statement in an artist's hands: what Tabs.settle takes, from anybody.</summary>
/// <param name="Prev">The list the contract stood at when it was pulled; 0x when nothing was settled.</param>
/// <param name="Units">What it would credit the artist with.</param>
public sealed record Cheque(
    Hash TabId, string Listener, Hash Qx, Hash Qy, string Cashier, int FeeBps, Hash Salt,
    string List, Hash PlaysRoot, string Signature, string CashierSignature, string Prev, long Units)
{
    /// <summary>As the contract takes it. Checked first: the tab's id, both signatures, the list's form.</summary>
    /// <exception cref="ProofFailedException"><c>cheque-bad</c>: the contract would refuse it.</exception>
    public TabItem Check(long chainId, string tabs)
    {
        if (!TabTerms.TryCreate(Listener, Qx, Qy, Cashier, FeeBps, Salt, out var terms, out var reason))
            throw Bad(reason);
        if (terms.TabId != TabId)
            throw Bad("the terms are another tab's");
        if (!Hex.TryDecode(List, out var bytes) || !Hex.TryDecode(Prev, out var prev) || !Statement.TryDecode(bytes, out var statement, out reason))
            throw Bad(reason ?? "the list is not hexadecimal");
        var digest = new TabMessages(chainId, tabs).Statement(TabId, statement, PlaysRoot);
        if (!TabPublicKey.TryCreate(Qx, Qy, out var key))
            throw Bad("the tab key is not a point on the curve");
        using (key)
        {
            if (!Hex.TryDecode(Signature, out var signature) || !key.Verify(digest, signature))
                throw Bad("the tab key did not sign it");
            if (!Hex.TryDecode(CashierSignature, out var countersignature) || !Protocol.Cashier.Verify(Cashier, digest, countersignature))
                throw Bad("the cashier did not sign it");
            return new(terms, signature, PlaysRoot, prev, bytes);
        }
    }

    private ProofFailedException Bad(string why) => new("cheque-bad", $"The cheque of tab {TabId} is worth nothing: {why}.");
}

/// <summary>A page of the cheque book.</summary>
/// <param name="Contract">The Tabs contract.</param>
public sealed record ChequePage(long ChainId, string Contract, [property: JsonRequired] IReadOnlyList<Cheque> Cheques, string? Next = null);

/// <summary>A cheque book as it is kept: with it and a node the artist is paid without any server.</summary>
public sealed record ChequeBook(
    int Version, long ChainId, string Tabs, long ArtistId, DateTimeOffset PulledAt, [property: JsonRequired] IReadOnlyList<Cheque> Cheques)
{
    /// <summary>Sum over the cheques.</summary>
    [JsonIgnore]
    public long Units => Cheques.Sum(c => c.Units);
}
