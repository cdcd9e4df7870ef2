using System.Net;
using System.Security.Cryptography;
using Ovation.Server.Tests.Media;

namespace Ovation.Fleet.Tests.BlobStore;

/// <summary>The tus protocol and two replicas of Media, with what arrives kept in a real S3 server.</summary>
[Collection("s3")]
public sealed class S3UploadTests(S3UploadTests.Replicas replicas, Rgw rgw) : ReplicaUploadTests(replicas), IClassFixture<S3UploadTests.Replicas>
{
    [Fact]
    public async Task While_the_store_is_away_a_part_is_503_readiness_says_why_and_afterwards_the_upload_goes_on()
    {
        using var http = Server.Client(Account);
        var file = RandomNumberGenerator.GetBytes(200_000);
        var upload = await Announced(http, file.Length);
        (await http.Append(upload, 0, file[..100_000])).EnsureSuccessStatusCode().Dispose();
        await rgw.KillGateway();
        try
        {
            using var refused = await http.Append(upload, 100_000, file[100_000..]);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            using var ready = await http.GetAsync("/health/ready", Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("blob store does not answer", await ready.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.Equal(100_000, await http.Offset(upload));
        }
        finally
        {
            await rgw.StartGateway();
        }
        await Until(async () => { using var rest = await http.Append(upload, 100_000, file[100_000..]); return rest.StatusCode == HttpStatusCode.NoContent; });
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), await HashOf(upload));
    }

    /// <summary>Two of Media on one bucket and one database.</summary>
    public sealed class Replicas(Rgw rgw)
        : ReplicaServer(rgw.Settings(Directory.CreateTempSubdirectory("ovation-media-").FullName, listen: $"http://127.0.0.1:{Loopback.FreePort()}"));
}
