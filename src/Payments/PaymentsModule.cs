using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Messages;
using Ovation.Payments.Artists;
using Ovation.Payments.Authorisations;
using Ovation.Payments.Chains;
using Ovation.Payments.Cheques;
using Ovation.Payments.Earnings;
using Ovation.Payments.Leases;
using Ovation.Payments.Settlements;
using Ovation.Payments.Songs;
using Ovation.Payments.Tabs;
using Ovation.Platform;

namespace Ovation.Payments;

/// <summary>Tabs, authorisations, statements, leases and their settlement: from listening to money.</summary>
public static class PaymentsModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("payments") { Add = Add, Map = Map };

    private static void Add(ModuleBuilder module)
    {
        module.Services.AddValidation();
        module.Services.AddSingleton<PlayTokens>().AddSingleton<CashierKey>();
        module.Database<PaymentsDb>()
            .On<ChainReady, OnChainReady>()
            .On<ArtistActivated, OnArtistActivated>().On<ArtistDeactivated, OnArtistDeactivated>()
            .On<SongPublished, OnSongPublished>().On<SongUnpublished, OnSongUnpublished>()
            .On<LicenceGranted, OnLicenceGranted>().On<LicenceGrantedUndone, OnLicenceGrantedUndone>()
            .On<TabOpened, OnTabOpened>().On<TabOpenedUndone, OnTabOpenedUndone>()
            .On<TabToppedUp, OnTabToppedUp>().On<TabToppedUpUndone, OnTabToppedUpUndone>()
            .On<TabSettled, OnTabSettled>().On<TabSettledUndone, OnTabSettledUndone>()
            .On<TabSettlementSkipped, OnTabSettlementSkipped>()
            .On<TabCloseAnnounced, OnTabCloseAnnounced>().On<TabCloseAnnouncedUndone, OnTabCloseAnnouncedUndone>()
            .On<TabClosed, OnTabClosed>().On<TabClosedUndone, OnTabClosedUndone>()
            .On<ArtistPaidOut, OnArtistPaidOut>().On<ArtistPaidOutUndone, OnArtistPaidOutUndone>()
            .On<FundsWithdrawn, OnFundsWithdrawn>().On<FundsWithdrawnUndone, OnFundsWithdrawnUndone>()
            .On<TransactionMined, OnTransactionMined>()
            .On<TransactionRefused, OnTransactionRefused>()
            .Worker<SettlementSchedule>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        var payments = routes.MapGroup("/api/payments");
        payments.MapGet("/terms", ShowTerms.Handle).AllowAnonymous();
        payments.MapPost("/tabs", OpenTab.Handle);
        payments.MapGet("/tabs", ShowTab.All);
        payments.MapGet("/tabs/{tabId}", ShowTab.Handle);
        payments.MapPost("/tabs/{tabId}/top-ups", TopUpTab.Handle);
        payments.MapPost("/tabs/{tabId}/closure", CloseTab.Handle);
        payments.MapPut("/tabs/{tabId}/statement", AdoptStatement.Handle);
        payments.MapPut("/authorisations", AuthoriseArtist.Handle);
        payments.MapGet("/authorisations", ListAuthorisations.Handle);
        payments.MapPost("/leases", TakeLease.Handle);
        payments.MapPost("/settlements", SettleNow.Handle);
        payments.MapGet("/settlements/{id:guid}", SettleNow.Show);
        payments.MapGet("/cheques", ListCheques.Handle);
        payments.MapGet("/earnings", ShowEarnings.Handle);
    }
}
