using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// Finds this installation's contracts before anybody needs them: deployed by us on the embedded chain, named by the operator
/// elsewhere; checked at every start, then announced.
/// </summary>
internal sealed class PrepareContracts(
    IServiceScopeFactory scopes, Network network, Settings settings, TimeProvider clock, ILogger<PrepareContracts> log) : BackgroundService
{
    // The embedded chain is ready before the server listens; somebody else's may be away for a while, which is no reason to be away too.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!network.Embedded)
        {
            await base.StartAsync(cancellationToken);
            return;
        }
        var outage = new Outage(log, "Finding the contracts");
        while (network.Contracts is null)
        {
            try { await Prepare(cancellationToken); }
            catch (Exception away) when (Outages.Is(away)) { await Task.Delay(outage.Failed(away), clock, cancellationToken); }
        }
        outage.Over();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (network.Contracts is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Prepare(stoppingToken);
            }
            catch (Exception away) when (away is NodeUnavailableException or RpcException or SettingsException or DbUpdateException || Outages.Is(away))
            {
                log.LogError("The contracts cannot be used: {Reason}", away.Message);
                await Task.Delay(TimeSpan.FromSeconds(5), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Prepare(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChainDb>();
        await CheckKeys(db, cancel);
        var chainId = await network.ChainId(cancel);
        var known = await db.Deployments.SingleOrDefaultAsync(x => x.ChainId == chainId, cancel);
        // The operator's file is read at every start: it also says how many confirmations count.
        var named = network.Embedded ? null : await ContractsFile.Read(settings, network, chainId, cancel);
        if (known is not null && named is not null && (named.Registry, named.Tabs, named.Token) != (known.Registry, known.Tabs, known.Token))
            throw new SettingsException($"OVATION_CONTRACTS names other contracts than this installation began with (registry {known.Registry})");
        var contracts = known ?? named ?? await new DeployContracts(db, network, clock).Deploy(chainId, cancel);
        if (known is null) db.Deployments.Add(contracts);
        await CheckCode(contracts, cancel);
        db.Publish(new ChainReady(
            chainId, contracts.Registry, contracts.Tabs, contracts.Token, contracts.Treasury, network.Relayer.Address.ToString(),
            network.Cashier.Address.ToString(), network.Confirmations, contracts.ChallengeSeconds, network.Embedded));
        await db.SaveChangesAsync(cancel);
        await File.WriteAllTextAsync(Path.Combine(settings.Data, "contracts.json"), JsonSerializer.Serialize(contracts, ContractsFile.Json) + "\n", cancel);
        network.Contracts = contracts;
        log.LogInformation("Contracts of chain {ChainId}: registry {Registry}, tabs {Tabs}, token {Token}", chainId, contracts.Registry, contracts.Tabs, contracts.Token);
    }

    private async Task CheckKeys(ChainDb db, CancellationToken cancel)
    {
        foreach (var sender in await db.Senders.AsNoTracking().ToListAsync(cancel))
            if (sender.Address != network.KeyOf(sender.Name).Address.ToString())
                throw new SettingsException($"the key “{sender.Name}” in {settings.Secrets} is not the one this database knows ({sender.Address}); restore it");
    }

    // After a fall-back to an older state the embedded chain's deployment may still be on its way again: wait for it.
    private async Task CheckCode(Deployment contracts, CancellationToken cancel)
    {
        var patience = clock.GetTimestamp();
        while (true)
        {
            var found = await CodeHashes(network.Node, contracts.Registry, contracts.Tabs, contracts.Token, cancel);
            if (found == contracts.CodeHashes) return;
            if (!network.Embedded || clock.GetElapsedTime(patience) > TimeSpan.FromSeconds(20))
                throw new SettingsException($"the code of the contracts on chain {contracts.ChainId} is not what it was when this installation first used them");
            await Task.Delay(100, cancel);
        }
    }

    public static async Task<string> CodeHashes(EthereumNode node, string registry, string tabs, string token, CancellationToken cancel)
    {
        var hashes = new List<string>();
        foreach (var contract in new[] { registry, tabs, token })
            hashes.Add(Keccak256.Hash(await node.Code(Address.Parse(contract), cancellation: cancel)).ToString());
        return string.Join(',', hashes);
    }
}
