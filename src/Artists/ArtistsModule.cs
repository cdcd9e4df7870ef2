using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Artists.Artists;
using Ovation.Artists.Chains;
using Ovation.Artists.Withdrawals;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Artists;

/// <summary>Onboarding: an account's handle, its contract on chain, and what its owner takes out of it.</summary>
public static class ArtistsModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("artists") { Add = Add, Map = Map };

    private static void Add(ModuleBuilder module)
    {
        module.Services.AddValidation();
        module.Database<ArtistsDb>()
            .On<ChainReady, OnChainReady>()
            .On<ArtistDeployed, OnArtistDeployed>()
            .On<ArtistDeployedUndone, OnArtistDeployedUndone>()
            .On<TransactionMined, OnTransactionMined>()
            .On<TransactionRefused, OnTransactionRefused>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        var artists = routes.MapGroup("/api/artists").WithTags("artists");
        artists.MapPost("/", ReserveArtist.Handle);
        artists.MapPut("/me/registration", RegisterArtist.Handle);
        artists.MapGet("/me", ShowArtist.Mine);
        artists.MapGet("/{handle}", ShowArtist.Public).AllowAnonymous();
        artists.MapPost("/me/withdrawals", Withdraw.Handle);
        artists.MapGet("/me/withdrawals/{id:guid}", ShowWithdrawal.Handle);
    }
}
