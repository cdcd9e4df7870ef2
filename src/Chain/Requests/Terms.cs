using Ovation.Messages;
using Ovation.Protocol;

namespace Ovation.Chain;

internal static class Terms
{
    /// <exception cref="FormatException">They are not a tab's terms.</exception>
    public static TabTerms Of(TabTermsFact fact) =>
        TabTerms.TryCreate(fact.Listener, Hash.Parse(fact.Qx), Hash.Parse(fact.Qy), fact.Cashier, fact.FeeBps, Hash.Parse(fact.Salt), out var terms, out var reason)
            ? terms
            : throw new FormatException(reason);

    public static TabTermsFact Of(TabTerms terms) =>
        new(terms.Listener, terms.Qx.ToString(), terms.Qy.ToString(), terms.Cashier, terms.FeeBps, terms.Salt.ToString());
}
