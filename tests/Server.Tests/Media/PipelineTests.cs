using System.Buffers.Binary;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Media;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Media;

[Collection("media")]
public sealed class PipelineTests(MediaServer server)
{
    private readonly Guid _account = Guid.CreateVersion7();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("wav", 44_100, 2, "s16le", 44_100, "-c:a", "pcm_s16le")]
    [InlineData("wav", 48_000, 1, "s24le", 48_000, "-c:a", "pcm_s24le")]
    [InlineData("flac", 44_100, 2, "s24le", 44_100, "-sample_fmt", "s32")]
    [InlineData("aiff", 22_050, 2, "s16le", 22_050, "-c:a", "pcm_s16be")]
    [InlineData("m4a", 44_100, 2, "s16le", 44_100, "-c:a", "alac", "-sample_fmt", "s16p", "-movflags", "+faststart")]
    public async Task A_lossless_master_becomes_a_flac_that_is_equal_to_the_bit(string extension, int rate, int channels, string format, int expectedRate, params string[] options)
    {
        var master = await Audio.Make(extension, 2.3457, rate, channels, 1, options);
        var (song, manifest) = await server.Playable(_account, master);
        var pcm = await Audio.Pcm(master, format);
        var flac = await Audio.Pcm(await server.Rendition(manifest, "flac"), format);
        Assert.Equal(Audio.Sha256(pcm), Audio.Sha256(flac));
        Assert.Equal(Audio.Sha256(pcm), manifest.PcmSha256.ToString());
        Assert.Equal(Audio.Sha256(master), manifest.Sha256.ToString());
        Assert.Equal(master, await server.Blob("masters/" + manifest.Sha256.ToString()[2..]));
        Assert.Equal(["flac", "opus", "aac"], manifest.Renditions.Select(r => r.Name));
        var rendition = manifest.Renditions[0];
        Assert.Equal((expectedRate, pcm.Length / (channels * (format == "s16le" ? 2 : 3)), 0), (rendition.Rate, (int)rendition.Samples, rendition.Preskip));
        Assert.InRange(manifest.DurationMs, 2345, 2347);
        await EverythingVerifies(song, manifest);
        Assert.Equal(1, await server.Said<SongPlayable>(song));
    }

    [Theory]
    [InlineData("wav", 96_000, 48_000, "-c:a", "pcm_s24le")]
    [InlineData("wav", 88_200, 44_100, "-c:a", "pcm_s16le")]
    [InlineData("wav", 48_000, 48_000, "-c:a", "pcm_f32le")]
    [InlineData("wav", 37_800, 48_000, "-c:a", "pcm_u8")]
    public async Task What_players_cannot_take_is_resampled_and_the_flac_is_equal_to_that(string extension, int rate, int expectedRate, params string[] options)
    {
        var (song, manifest) = await server.Playable(_account, await Audio.Make(extension, 1.5, rate, 2, 2, options));
        var flac = await server.Rendition(manifest, "flac");
        Assert.Equal(manifest.PcmSha256.ToString(), Audio.Sha256(await Audio.Pcm(flac, "s24le")));
        Assert.Equal(expectedRate, manifest.Renditions[0].Rate);
        Assert.Equal(expectedRate * 3 / 2, manifest.Renditions[0].Samples);
        await EverythingVerifies(song, manifest);
    }

    [Theory]
    [InlineData("mp3", "-c:a", "libmp3lame")]
    [InlineData("ogg", "-c:a", "libvorbis")]
    [InlineData("ogg", "-c:a", "libopus")]
    [InlineData("m4a", "-c:a", "aac", "-movflags", "+faststart")]
    public async Task A_lossy_master_is_not_turned_into_flac(string extension, params string[] options)
    {
        var (song, manifest) = await server.Playable(_account, await Audio.Make(extension, 2, 48_000, 2, 3, options));
        Assert.Equal(["opus", "aac"], manifest.Renditions.Select(r => r.Name));
        await EverythingVerifies(song, manifest);
    }

    [Fact]
    public async Task Opus_and_aac_say_how_much_is_padding()
    {
        var (_, manifest) = await server.Playable(_account, await Audio.Make("wav", 3, 44_100));
        var opus = manifest.Renditions.Single(r => r.Name == "opus");
        var aac = manifest.Renditions.Single(r => r.Name == "aac");
        Assert.Equal((48_000, 144_000L, 312), (opus.Rate, opus.Samples, opus.Preskip));
        Assert.Equal((44_100, 132_300L, 1024), (aac.Rate, aac.Samples, aac.Preskip));
        Assert.InRange(manifest.Loudness.Integrated, -20, -5);
        Assert.InRange(manifest.Loudness.TruePeak, -9, -6);
    }

    [Fact]
    public async Task Silence_has_a_loudness_a_manifest_can_say()
    {
        var (_, manifest) = await server.Playable(_account, await Audio.Ffmpeg("wav", ["-f", "lavfi", "-i", "anullsrc=r=44100:d=2"]));
        Assert.Equal(-120, manifest.Loudness.TruePeak);
    }

    [Fact]
    public async Task The_same_master_gives_the_same_bytes_again()
    {
        var master = await Audio.Make("wav", 1.2, seed: 9);
        var (_, first) = await server.Playable(_account, master, "One");
        var (_, second) = await server.Playable(Guid.CreateVersion7(), master, "Two");
        Assert.Equal(first.Renditions.Select(r => r.Root), second.Renditions.Select(r => r.Root));
    }

    public static TheoryData<string> Disguised => ["hls", "hls-as-wav", "concat", "dash", "empty", "noise", "text", "image"];

    [Theory]
    [MemberData(nameof(Disguised))]
    public async Task What_is_not_audio_is_rejected_with_a_reason(string kind)
    {
        var secret = Path.Combine(server.Settings.Data, "secret.wav");
        await File.WriteAllBytesAsync(secret, await Audio.Make("wav", 2), Cancel);
        var file = kind switch
        {
            "hls" => Encoding.ASCII.GetBytes($"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n"),
            "hls-as-wav" => [.. "RIFF\0\0\0\0WAVE"u8, .. Encoding.ASCII.GetBytes($"\n#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/x\n")],
            "concat" => Encoding.ASCII.GetBytes($"ffconcat version 1.0\nfile {secret}\n"),
            "dash" => Encoding.ASCII.GetBytes($"<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><AdaptationSet><Representation><BaseURL>file://{secret}</BaseURL></Representation></AdaptationSet></Period></MPD>"),
            "empty" => [],
            "noise" => Enumerable.Range(0, 100_000).Select(i => (byte)((i * 7919L) % 251)).ToArray(),
            "text" => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("la la la\n", 2000))),
            _ => await Audio.Ffmpeg("png", ["-f", "lavfi", "-i", "testsrc=d=1", "-frames:v", "1"]),
        };
        await Rejected(file);
    }

    [Theory]
    [InlineData("half a second", "at least")]
    [InlineData("six channels", "channels")]
    [InlineData("4 kHz", "sample rate")]
    [InlineData("film", "moving pictures")]
    [InlineData("index at the end", "faststart")]
    [InlineData("truncated wav", "cut off")]
    [InlineData("truncated flac", "")]
    [InlineData("damaged flac", "")]
    [InlineData("longer than four hours", "longer than 4 hours")]
    public async Task Audio_that_cannot_be_a_song_is_rejected_with_the_reason(string kind, string says)
    {
        var file = kind switch
        {
            "half a second" => await Audio.Make("wav", 0.5),
            "six channels" => await Audio.Make("wav", 2, 48_000, 6),
            "4 kHz" => await Audio.Make("wav", 2, 4_000),
            "film" => await Audio.Ffmpeg("mov", ["-f", "lavfi", "-i", "testsrc=d=2:s=64x64", "-f", "lavfi", "-i", "sine=d=2", "-c:v", "mjpeg", "-c:a", "pcm_s16le", "-movflags", "+faststart"]),
            "index at the end" => await Audio.Make("m4a", 2),
            "truncated wav" => (await Audio.Make("wav", 3))[..300_000],
            "longer than four hours" => await Audio.Ffmpeg("flac", ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=14410", "-compression_level", "0"]),
            _ => await Audio.Make("flac", 3),
        };
        if (kind == "truncated flac") file = file[..(file.Length / 2)];
        if (kind == "damaged flac") file.AsSpan(file.Length / 2, 40).Fill(0x5a);
        Assert.Contains(says, await Rejected(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_song_waits_for_the_rest_of_its_upload()
    {
        using var http = server.Client(_account);
        var master = await Audio.Make("wav", 1.5);
        using var announced = await http.Announce(master.Length);
        var upload = announced.Headers.Location!.ToString();
        (await http.Append(upload, 0, master[..1000])).Dispose();
        var song = Guid.CreateVersion7();
        await server.Say(new SongCreated(song, _account, Guid.Parse(upload.Split('/')[^1]), "Half"));
        Assert.Equal("waiting", (await server.Outcome(_account, song, "waiting")).State);
        (await http.Append(upload, 1000, master[1000..])).Dispose();
        Assert.Equal("playable", (await server.Outcome(_account, song)).State);
        Assert.Equal(master.Length, await http.Offset(upload));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var staged = Path.Combine(server.Settings.Data, "uploads", Guid.Parse(upload.Split('/')[^1]).ToString("N"));
        while (File.Exists(staged)) await Task.Delay(20, limit.Token); // the master is a blob now
    }

    [Fact]
    public async Task A_foreign_an_unknown_and_a_used_upload_are_rejected_and_the_first_song_keeps_its_audio()
    {
        using var http = server.Client(_account);
        var upload = await http.Upload(await Audio.Make("wav", 1.1));
        var stranger = Guid.CreateVersion7();
        var (stolen, unknown, first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await server.Say(new SongCreated(stolen, stranger, upload, "Stolen"));
        await server.Say(new SongCreated(unknown, _account, Guid.CreateVersion7(), "Unknown"));
        await server.Say(new SongCreated(first, _account, upload, "First"));
        await server.Say(new SongCreated(second, _account, upload, "Second"));
        Assert.Equal("rejected", (await server.Outcome(stranger, stolen)).State);
        Assert.Equal("rejected", (await server.Outcome(_account, unknown)).State);
        Assert.Equal("rejected", (await server.Outcome(_account, second)).State);
        Assert.Equal("playable", (await server.Outcome(_account, first)).State);
        Assert.Equal(1, await server.Said<SongRejected>(stolen));
    }

    [Fact]
    public async Task Only_the_owner_sees_how_far_a_song_is()
    {
        var song = await server.Create(_account, []);
        await server.Outcome(_account, song);
        using var other = server.Client(Guid.CreateVersion7());
        using var answer = await other.GetAsync($"/api/media/songs/{song}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Publishing_makes_it_published_and_the_manifest_stays()
    {
        var (song, manifest) = await server.Playable(_account, await Audio.Make("wav", 1.3));
        await server.Say(new SongPublished(song, _account, 1, 1, "h", "0x", 1, "Song", "0x", manifest.DurationMs, 0, 0, []));
        Assert.Equal("published", (await server.Outcome(_account, song, "published")).State);
        using var http = server.Client();
        using var answer = await http.GetAsync($"/media/{song}/manifest", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("renditions")]
    [InlineData("leaves")]
    [InlineData("masters")]
    public async Task A_blob_that_does_not_read_back_right_is_tried_three_times_and_never_becomes_playable(string kind)
    {
        var master = await Audio.Make("wav", 1.6, seed: kind.Length);
        var (_, manifest) = await server.Playable(_account, master);
        var name = (kind == "masters" ? manifest.Sha256 : manifest.Renditions[^1].Root).ToString()[2..];
        var path = Path.Combine(server.Settings.Data, "blobs", kind, name[..2], name);
        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancel);

        var song = await server.Create(_account, master);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(100));
        for (var attempt = 1; attempt < Song.MaxAttempts; attempt++)
        {
            while (!await server.Db(db => db.Songs.AnyAsync(x => x.Id == song && x.Attempts == attempt))) await Task.Delay(50, limit.Token);
            Assert.Equal("encoding", (await server.Outcome(_account, song, "encoding")).State);
            // The wait before the next attempt is not what is tested.
            await server.Db(db => db.Songs.Where(x => x.Id == song).ExecuteUpdateAsync(set => set.SetProperty(x => x.NextAttemptAt, DateTimeOffset.UnixEpoch)));
        }
        var (state, reason) = await server.Outcome(_account, song);
        Assert.Equal("rejected", state);
        Assert.Contains("read back", reason, StringComparison.Ordinal);
        Assert.Equal(0, await server.Said<SongPlayable>(song));
    }

    [Fact]
    public async Task A_worker_that_lost_its_lock_cannot_write()
    {
        var song = await server.Create(_account, await Audio.Make("wav", 1.4, seed: 5));
        await server.Outcome(_account, song);
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => server.Db(async db =>
        {
            var mine = await db.Songs.SingleAsync(x => x.Id == song, Cancel);
            await server.Db(other => other.Songs.Where(x => x.Id == song).ExecuteUpdateAsync(set => set.SetProperty(x => x.Fence, x => x.Fence + 1), Cancel));
            mine.State = SongState.Encoding;
            return await db.SaveChangesAsync(Cancel);
        }));
    }

    private async Task<string> Rejected(byte[] file)
    {
        var song = await server.Create(_account, file);
        var (state, reason) = await server.Outcome(_account, song);
        Assert.Equal("rejected", state);
        Assert.False(string.IsNullOrWhiteSpace(reason));
        Assert.DoesNotContain("broke on our side", reason, StringComparison.Ordinal);
        using var http = server.Client();
        using var answer = await http.GetAsync($"/media/{song}/manifest", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(1, await server.Said<SongRejected>(song));
        Assert.Null(await server.Services.GetRequiredService<Blobs>().Open("masters/" + Audio.Sha256(file)[2..], Cancel));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var work = Directory.CreateDirectory(Path.Combine(server.Settings.Data, "work"));
        while (work.EnumerateDirectories($"{song:N}*").Any()) await Task.Delay(20, limit.Token); // nothing is left behind
        return reason;
    }

    private async Task EverythingVerifies(Guid song, Manifest manifest)
    {
        using var http = server.Client();
        foreach (var rendition in manifest.Renditions)
        {
            var bytes = await server.Rendition(manifest, rendition.Name);
            using var answer = await http.GetAsync($"/media/{song}/{rendition.Root}/leaves", Cancel);
            var leaves = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(Cancel);
            Assert.True(AudioTree.VerifyLeaves(leaves, rendition.Root, rendition.Bytes, rendition.Chunks));
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            for (uint chunk = 0; chunk < rendition.Chunks; chunk++)
                Assert.True(AudioTree.VerifyChunk(chunk, bytes.AsSpan((int)chunk * AudioTree.ChunkSize, AudioTree.ChunkLength(chunk, bytes.Length)), leaves, bytes.Length));
            Assert.Equal(AudioTree.ChunkCount(FirstFragment(bytes)), rendition.InitChunks);
            Assert.NotEmpty(await Audio.Pcm(bytes, "s16le"));
        }
    }

    // Walks the boxes on its own: ftyp, moov and sidx come first, then the fragments.
    private static long FirstFragment(byte[] file)
    {
        var at = 0;
        var names = new List<string>();
        while (true)
        {
            names.Add(Encoding.ASCII.GetString(file, at + 4, 4));
            if (names[^1] == "moof") break;
            at += BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
        }
        Assert.Equal(["ftyp", "moov", "sidx", "moof"], names);
        return at;
    }
}
