using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>The only holder of the RPC and of the sending keys: requests in, one nonce sequence per key, facts out.</summary>
public static class ChainModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("chain")
    {
        Add = module =>
        {
            module.Database<ChainDb>()
                .On<ArtistRegistrationSigned, OnArtistRegistrationSigned>()
                .On<SongPublicationSigned, OnSongPublicationSigned>()
                .On<WithdrawalSigned, OnWithdrawalSigned>()
                .On<TabOpeningSigned, OnTabOpeningSigned>()
                .On<TabTopUpSigned, OnTabTopUpSigned>()
                .On<TabClosingSigned, OnTabClosingSigned>()
                .On<TabClosingDue, OnTabClosingDue>()
                .On<SettlementDue, OnSettlementDue>()
                .On<PayOutDue, OnPayOutDue>();
            module.Services.AddSingleton<Wakes>().AddSingleton<Network>().AddSingleton<SenderLock>().AddValidation();
            module.Services.AddScoped<GasAllowance>().AddScoped<StoreIntent>().AddScoped<PushTransactions>().AddScoped<SignIntents>();
            module.Services.ConfigureDbContext<ChainDb>((services, options) =>
                options.AddInterceptors(new WakeOnCommit(services.GetRequiredService<Wakes>())));
            module.Services.AddSingleton<ReadinessCheck>(services => new ReadinessCheck("chain", _ =>
                Task.FromResult(services.GetRequiredService<Network>().Contracts is null ? "The chain is not ready." : null)));
            // In this order: a node, somebody who sends, somebody who sees what is mined, and with them the contracts. Stopped in reverse.
            module.Worker<EmbeddedChain>().Worker<SendIntents>().Worker<FollowLogs>().Worker<PrepareContracts>().Worker<MeasureIntents>();
        },
        Map = routes =>
        {
            routes.MapShowChain();
            routes.MapFundWallet();
        },
    };
}
