using Microsoft.Extensions.DependencyInjection;
using Ovation.Media;
using Ovation.Platform;

namespace Ovation.Server.Tests.Media;

/// <summary>On a folder, so that no server is needed; the fleet's tests ask the same of S3.</summary>
[Collection("media-shared")]
public sealed class SharedUploadTests(ReplicaServer server) : ReplicaUploadTests(server)
{
    [Fact]
    public async Task What_no_row_names_is_swept_after_a_day_and_not_before()
    {
        using var http = Server.Client(Account);
        var upload = await Announced(http, 10);
        (await http.Append(upload, 0, new byte[4])).Dispose();
        var blobs = Server.Services.GetRequiredService<Blobs>();
        var (young, old) = ($"staging/{IdOf(upload):N}-{4:D10}-young", $"staging/{IdOf(upload):N}-{4:D10}-old");
        await blobs.Put(young, new byte[6], Cancel);
        await blobs.Put(old, new byte[6], Cancel);
        File.SetLastWriteTimeUtc(Directory.EnumerateFiles(Path.Combine(Server.Settings.Data, "blobs", "staging"), Path.GetFileName(old), SearchOption.AllDirectories).Single(),
            TimeProvider.System.GetUtcNow().AddHours(-25).UtcDateTime);
        using var tidy = ActivatorUtilities.CreateInstance<ForgetUploads>(Server.Services);
        await tidy.Tidy(Cancel);
        Assert.NotNull(await blobs.Read(young, Cancel));
        Assert.Null(await blobs.Read(old, Cancel));
        Assert.Equal(4, await http.Offset(upload));
    }
}
