using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>The Media module: uploads, the pipeline that makes renditions, and the delivery of their bytes.</summary>
public static class MediaModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("media") { Add = Add, Map = Map, KeepsBlobs = true };

    private static void Add(ModuleBuilder module)
    {
        module.Database<MediaDb>();
        module.On<SongCreated, OnSongCreated>().On<SongPublished, OnSongPublished>().On<SongUnpublished, OnSongUnpublished>();
        module.Services.AddSingleton<FileStaging>().AddSingleton<SharedStaging>();
        module.Services.AddSingleton<Staging>(provider => provider.GetRequiredService<Blobs>().Shared ? provider.GetRequiredService<SharedStaging>() : provider.GetRequiredService<FileStaging>());
        module.Services.AddSingleton<SentBytes>().AddSingleton<ReleaseOfBytes>().AddScoped<MakeRenditions>();
        module.Worker<ForgetUploads>().Worker<RenditionWorker>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup("").AddEndpointFilter(Tus.SameVersion);
        CreateUpload.Map(uploads);
        AppendUpload.Map(uploads);
        FindUpload.Map(uploads);
        RemoveUpload.Map(uploads);
        ShowSong.Map(routes);
        ShowManifest.Map(routes);
        ShowLeaves.Map(routes);
        DeliverRendition.Map(routes);
    }
}
