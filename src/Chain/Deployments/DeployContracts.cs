using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Ovation.Ethereum;
using Ovation.Platform;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>
/// Deploys to the embedded chain: as intents like any other, so a crash between two contracts goes on where it was, and a chain that
/// lost its newest blocks gets the same contracts at the same addresses again.
/// </summary>
internal sealed class DeployContracts(ChainDb db, Network network, TimeProvider clock)
{
    private const long Delay = 60; // seconds: new splits, closing a tab (PROTOCOL 1 and 2, embedded chain)

    public async Task<Deployment> Deploy(long chainId, CancellationToken cancel)
    {
        var token = await Deploy("DevDollar", AbiConstructor.Parse("constructor()"), [], chainId, cancel);
        var registry = await Deploy("ArtistRegistry", ArtistRegistryContract.Constructor, [token, Delay], chainId, cancel);
        var tabs = await Deploy("Tabs", TabsContract.Constructor, [token, registry, network.Treasury, Delay], chainId, cancel);
        var name = Text(await network.Node.Call(token, TokenContract.Functions.Name, [], cancellation: cancel));
        return new Deployment
        {
            ChainId = chainId,
            Registry = registry.ToString(),
            Tabs = tabs.ToString(),
            Token = token.ToString(),
            Treasury = network.Treasury.ToString(),
            FromBlock = 1,
            ChallengeSeconds = Delay,
            TokenName = name,
            TokenVersion = "1", // OpenZeppelin's ERC20Permit
            CodeHashes = await PrepareContracts.CodeHashes(network.Node, registry.ToString(), tabs.ToString(), token.ToString(), cancel),
        };
    }

    private async Task<Address> Deploy(string contract, AbiConstructor constructor, object?[] arguments, long chainId, CancellationToken cancel)
    {
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"deploy {contract} on {chainId}")).AsSpan(0, 16));
        if (await db.Intents.FindAsync([id], cancel) is null)
        {
            db.Intents.Add(new Intent
            {
                RequestId = id,
                Kind = "deploy " + contract,
                Sender = Sender.Relayer,
                Data = constructor.Encode(Bytecode(contract), arguments),
                CreatedAt = clock.GetUtcNow(),
            });
            await db.SaveChangesAsync(cancel);
        }
        var since = clock.GetTimestamp();
        while (clock.GetElapsedTime(since) < TimeSpan.FromSeconds(60))
        {
            var intent = await db.Intents.AsNoTracking().SingleAsync(x => x.RequestId == id, cancel);
            if (intent.State == IntentState.Done) return Address.Parse(intent.Contract!);
            if (intent.State == IntentState.Refused) throw new SettingsException($"{contract} cannot be deployed: {intent.Reason}");
            await Task.Delay(20, cancel);
        }
        throw new SettingsException($"{contract} was not deployed within a minute; see logs/anvil.log");
    }

    private static byte[] Bytecode(string contract)
    {
        using var resource = typeof(DeployContracts).Assembly.GetManifestResourceStream(contract + ".hex")
            ?? throw new InvalidOperationException($"{contract}.hex is not embedded");
        using var reader = new StreamReader(resource);
        return Hex.Decode(reader.ReadToEnd().Trim());
    }

    private static string Text(AbiValues values) => values.Get<string>(0);
}
