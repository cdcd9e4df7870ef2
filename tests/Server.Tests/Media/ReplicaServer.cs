using Microsoft.Extensions.DependencyInjection;
using Ovation.Media;
using Ovation.Platform;

namespace Ovation.Server.Tests.Media;

[CollectionDefinition("media-shared")]
public sealed class ReplicaCollection : ICollectionFixture<ReplicaServer>;

/// <summary>Media that stages uploads in the blob store, as a replica does, and a second one beside it on the same stores.</summary>
public class ReplicaServer : MediaServer
{
    public ReplicaServer() { }

    private protected ReplicaServer(Settings settings)
        : base(settings) { }

    /// <summary>Another process as far as the two can tell.</summary>
    internal MediaServer Other { get; private set; } = null!;

    private protected override Module Module => MediaModule.Module with
    {
        Add = builder =>
        {
            MediaModule.Module.Add(builder);
            builder.Services.AddSingleton<Staging>(provider => provider.GetRequiredService<SharedStaging>());
        },
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var url = $"http://127.0.0.1:{RunningServer.FreePort()}";
        var other = new ReplicaServer(Settings with { Url = new Uri(url), Listen = url });
        await other.Start();
        Other = other;
    }

    public override async ValueTask DisposeAsync()
    {
        if (Other is not null) await Other.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private ValueTask Start() => base.InitializeAsync();
}
