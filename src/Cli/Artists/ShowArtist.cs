using System.CommandLine;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Artists;

internal static class ShowArtist
{
    private static readonly Argument<string?> Handle = new("HANDLE") { Description = "Another artist; you without it", Arity = ArgumentArity.ZeroOrOne };

    public static Verb Verb()
    {
        var verb = new Verb("show", "An artist's contract, owner and funds, read from the chain", "ovation artist show nightferry");
        verb.Arguments.Add(Handle);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var handle = run.Value(Handle);
        if (handle is null)
            run.Session();
        var artist = handle is null ? await run.Client.Artists.Mine(cancel) : await run.Client.Artists.Show(handle, cancel);
        var chain = await run.Chain(cancel);
        if (artist is not { ArtistId: { } id, Contract: { } named })
        {
            ArtistShown.Answer(run, chain, artist, funds: null);
            return;
        }
        var contract = await chain.Reader.ArtistContractOf(chain.Registry, id, cancel);
        if (!Addresses.AreSame(contract.ToString(), named))
            throw new ProofFailedException("contract-mismatch", $"The server names {named}; the registry says {contract}.");
        // The server's copy of the owner may be old; the contract's own word counts.
        var owner = await chain.Reader.Ask(contract, ArtistContract.Owner(), cancel);
        ArtistShown.Answer(run, chain, artist with { Owner = owner.ToString() }, await chain.Reader.Balance(chain.Token, contract, cancel));
    }
}
