using System.CommandLine;
using Ovation.Cli.Terminals;
using Ovation.Cli.Wallets;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Artists;

internal static class CreateArtist
{
    private const long Day = 86_400;

    private static readonly Option<string> Handle = new("--handle") { Description = "Your name in addresses: 3 to 30 of a-z, 0-9, _", Required = true };
    private static readonly Option<string> Name = new("--name") { Description = "Your name as people read it", Required = true };

    public static Verb Verb()
    {
        var verb = new Verb("create", "Become an artist: the registry deploys a contract that only your wallet owns (one is made when there is none)",
            "ovation artist create --handle nightferry --name \"The Night Ferry\"");
        verb.Options.Add(Handle);
        verb.Options.Add(Name);
        verb.Validators.Add(result =>
        {
            if (result.Sound(Handle) is { } handle && !Handles.IsValid(handle))
                result.AddError($"--handle takes 3 to 30 of a-z, 0-9 and _, not “{handle}”.");
        });
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        var chain = await run.Chain(cancel);
        var wallet = run.Home.Wallet() ?? CreateWallet.Create(run);
        var artist = await run.Client.Artists.Reserve(run.Value(Handle)!, run.Value(Name)!, wallet.Address.ToString(), cancel);
        if (artist.State == "reserved")
        {
            var registration = new Registration(wallet.Address, artist.Handle, Address.Parse(chain.Info.Relayer), await chain.Reader.Time(cancel) + Day);
            await run.Client.Artists.Register(chain.Info.Relayer, registration.Deadline,
                Hex.Encode(registration.Sign(wallet, chain.Info.ChainId, chain.Registry)), cancel);
        }
        artist = await Waiting.Until(run, "Waiting for your contract", run.Client.Artists.Mine, a => a.State != "registering", Waiting.Confirmation, cancel);
        if (artist is not { State: "active", ArtistId: not null })
            throw new RefusedException("registration-refused", $"The contract was not deployed: {artist.Reason ?? "no reason given"}");
        var funds = await Check(chain, artist, wallet.Address, cancel);
        ArtistShown.Answer(run, chain, artist, funds);
    }

    /// <summary>The chain's word that the contract is the artist's and the wallet its owner.</summary>
    private static async Task<long> Check(PinnedChain chain, Artist artist, Address wallet, CancellationToken cancel)
    {
        var contract = await chain.Reader.ArtistContractOf(chain.Registry, artist.ArtistId!.Value, cancel);
        if (!Addresses.AreSame(contract.ToString(), artist.Contract))
            throw new ProofFailedException("contract-mismatch", $"The server names {artist.Contract}; the registry says {contract}.");
        var owner = await chain.Reader.Ask(contract, ArtistContract.Owner(), cancel);
        return owner == wallet
            ? await chain.Reader.Balance(chain.Token, contract, cancel)
            : throw new ProofFailedException("owner-mismatch", $"{contract} belongs to {owner}, not to your wallet {wallet}.");
    }
}
