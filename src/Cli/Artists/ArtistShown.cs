using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Artists;

/// <summary>An artist as create and show print it.</summary>
internal static class ArtistShown
{
    public static void Answer(Invocation run, PinnedChain chain, Artist artist, long? funds) => run.Answer(
        new JsonObject
        {
            ["artistId"] = artist.ArtistId,
            ["handle"] = artist.Handle,
            ["name"] = artist.Name,
            ["state"] = artist.State,
            ["contract"] = artist.Contract,
            ["owner"] = artist.Owner,
            ["funds"] = funds,
            ["txHash"] = artist.TxHash,
            ["reason"] = artist.Reason,
            ["node"] = chain.Reader.Node.ToString(),
        },
        () =>
        {
            Console.WriteLine($"{Plain.Line(artist.Name)} (@{artist.Handle}){(artist.ArtistId is { } id ? $", artist {id}" : $", {artist.State}")}");
            if (artist.Contract is null)
                return;
            Console.WriteLine($"  contract  {Plain.Line(artist.Contract)}\n  owner     {Plain.Line(artist.Owner)}");
            if (funds is { } units)
                Console.WriteLine($"  funds     {Amounts.Show(units)}, {chain.Said}");
        });
}
