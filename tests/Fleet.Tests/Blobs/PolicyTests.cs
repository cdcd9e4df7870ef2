using System.Diagnostics;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Ovation.Platform;

namespace Ovation.Fleet.Tests.BlobStore;

/// <summary>deploy/s3 on a real server: each module can do its work and nothing else, and nobody else anything.</summary>
[Collection("s3")]
public sealed class PolicyTests(Rgw rgw, PolicyTests.Installed installed) : IClassFixture<PolicyTests.Installed>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ovation-s3-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Media_keeps_reads_and_sweeps_with_its_policy_alone()
    {
        using var store = Store("media");
        Assert.Null(await store.Missing(Cancel));
        foreach (var kind in (string[])["masters", "renditions", "leaves", "manifests"])
        {
            await store.Put(kind + "/0123456789abcdef", new byte[10], Cancel);
            Assert.Equal(new byte[10], (await store.Read(kind + "/0123456789abcdef", Cancel))!);
        }
        await store.Put("masters/fedcba9876543210", new MemoryStream(new byte[20_000_000]), Cancel);
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.Put("masters/aaaaaaaaaaaaaaaa", new Cut(20_000_000), Cancel));
        await store.Put("staging/0123456789abcdef", new byte[10], Cancel);
        Assert.Equal(["staging/0123456789abcdef"], await store.ListPassing(Cancel).Select(x => x.Key).ToListAsync(Cancel));
        await store.Remove("staging/0123456789abcdef", Cancel);
        await store.ForgetUnfinished(TimeProvider.System.GetUtcNow().AddDays(-1), Cancel);
        Assert.Null(await store.Open("masters/bbbbbbbbbbbbbbbb", Cancel));
    }

    [Fact]
    public async Task Media_removes_no_audio_and_writes_nothing_of_another_kind()
    {
        using var store = Store("media");
        await store.Put("masters/cccccccccccccccc", new byte[10], Cancel);
        using var media = Client("media");
        await Refused(() => media.DeleteObjectAsync(Installed.Bucket, "masters/cccccccccccccccc", Cancel));
        await Refused(() => media.PutObjectAsync(new PutObjectRequest { BucketName = Installed.Bucket, Key = "others/cccccccccccccccc", ContentBody = "x" }, Cancel));
        await Refused(() => media.PutBucketPolicyAsync(Installed.Bucket, "{}", Cancel));
        await Refused(() => media.PutBucketAclAsync(new() { BucketName = Installed.Bucket, ACL = S3CannedACL.PublicRead }, Cancel));
        await Refused(() => media.DeleteBucketAsync(Installed.Bucket, Cancel));
    }

    [Fact]
    public async Task Others_and_the_public_get_nothing()
    {
        using (var media = Store("media")) await media.Put("manifests/dddddddddddddddd", new byte[10], Cancel);
        using var other = Client("other");
        await Refused(() => other.GetObjectAsync(Installed.Bucket, "manifests/dddddddddddddddd", Cancel));
        await Refused(() => other.ListObjectsV2Async(new() { BucketName = Installed.Bucket }, Cancel));
        await NobodyReads();
        // Nor does an owner open it by mistake: what the bucket or an object says of the public is ignored while the block stands.
        using var owner = rgw.Client();
        await owner.PutBucketAclAsync(new() { BucketName = Installed.Bucket, ACL = S3CannedACL.PublicRead }, Cancel);
        await owner.PutObjectAsync(new() { BucketName = Installed.Bucket, Key = "manifests/eeeeeeeeeeeeeeee", CannedACL = S3CannedACL.PublicRead, ContentBody = "x" }, Cancel);
        await NobodyReads();

        async Task NobodyReads()
        {
            using var http = new HttpClient();
            foreach (var path in (string[])["manifests/dddddddddddddddd", "manifests/eeeeeeeeeeeeeeee", "?list-type=2"])
                Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync($"{rgw.Endpoint}/{Installed.Bucket}/{path}", Cancel)).StatusCode);
        }
    }

    [Fact]
    public async Task Unfinished_uploads_are_aborted_after_a_day()
    {
        using var owner = rgw.Client();
        var rule = Assert.Single((await owner.GetLifecycleConfigurationAsync(Installed.Bucket, Cancel)).Configuration.Rules);
        Assert.Equal(1, rule.AbortIncompleteMultipartUpload.DaysAfterInitiation);
    }

    private S3Blobs Store(string user) => (S3Blobs)Blobs.At(rgw.Settings(_directory, Installed.KeyOf(user), installed.Secret, Installed.Bucket));

    private AmazonS3Client Client(string user) => new(new BasicAWSCredentials(Installed.KeyOf(user), installed.Secret), new AmazonS3Config
    {
        ServiceURL = rgw.Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
    });

    private static async Task Refused(Func<Task> call) =>
        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<AmazonS3Exception>(call)).StatusCode);

    private sealed class Cut(int length) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new EndOfStreamException();
    }

    /// <summary>A bucket made by deploy/s3/install, twice: the second time must change nothing.</summary>
    public sealed class Installed(Rgw rgw) : IAsyncLifetime
    {
        public const string Bucket = "policies";

        public string Secret { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));

        public static string KeyOf(string user) => "KEY" + user.ToUpperInvariant();

        public async ValueTask InitializeAsync()
        {
            foreach (var user in (string[])["media", "other"]) await rgw.AddUser(user, KeyOf(user), Secret);
            var owner = Path.Combine(Directory.CreateTempSubdirectory("ovation-s3-").FullName, "owner");
            await File.WriteAllTextAsync(owner, $"{Rgw.KeyId}\n{rgw.Secret}\n");
            for (var time = 0; time < 2; time++)
            {
                using var script = Process.Start(new ProcessStartInfo(Script(), [rgw.Endpoint, Bucket, owner, "media=arn:aws:iam:::user/media"])
                { RedirectStandardError = true })!;
                var says = await script.StandardError.ReadToEndAsync();
                await script.WaitForExitAsync();
                if (script.ExitCode != 0) throw new InvalidOperationException($"deploy/s3/install ended with {script.ExitCode}: {says}");
            }
            Directory.Delete(Path.GetDirectoryName(owner)!, recursive: true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static string Script()
        {
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
                if (File.Exists(Path.Combine(at.FullName, "Ovation.slnx"))) return Path.Combine(at.FullName, "deploy/s3/install");
            throw new InvalidOperationException("These tests run inside the repository");
        }
    }
}
