using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Catalog.Artists;
using Ovation.Catalog.Songs;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog;

/// <summary>The song service: what songs there are, whose, at what price, and whether they stand on chain.</summary>
public static class CatalogModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("catalog") { Add = Add, Map = Map };

    private static void Add(ModuleBuilder module)
    {
        module.Services.AddValidation();
        module.Database<CatalogDb>()
            .On<ArtistActivated, OnArtistActivated>()
            .On<ArtistDeactivated, OnArtistDeactivated>()
            .On<SongPlayable, OnSongPlayable>()
            .On<SongRejected, OnSongRejected>()
            .On<SongWritten, OnSongWritten>()
            .On<SongWrittenUndone, OnSongWrittenUndone>()
            .On<TransactionRefused, OnTransactionRefused>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        var songs = routes.MapGroup("/api/catalog/songs").WithTags("songs");
        songs.MapPost("/", CreateSong.Handle);
        songs.MapGet("/", ListSongs.Handle).AllowAnonymous();
        songs.MapGet("/mine", ListSongs.Mine);
        songs.MapGet("/{id:guid}", ShowSong.Handle).AllowAnonymous();
        songs.MapPost("/{id:guid}/publication", PublishSong.Handle);
    }
}
