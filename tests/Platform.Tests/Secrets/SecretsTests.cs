namespace Ovation.Platform.Tests.Keys;

public sealed class SecretsTests : IDisposable
{
    private readonly string _directory = Running.TemporaryDirectory();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Secrets Open() => new(Running.SettingsIn(_directory));

    [Fact]
    public void A_key_is_made_once_and_only_its_owner_can_read_it()
    {
        var key = Open().Bytes("play-token", 32);
        Assert.Equal(key, Open().Bytes("play-token", 32));
        Assert.NotEqual(new byte[32], key);
        var file = Path.Combine(_directory, "keys", "play-token");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_directory, "keys")));
    }

    [Fact]
    public async Task Many_processes_starting_at_once_agree_on_one_key()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Convert.ToHexString(Open().Bytes("shared", 32)))));
        Assert.Single(keys.Distinct());
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_directory, "keys")));
    }

    [Fact]
    public void A_damaged_key_stops_the_start_instead_of_being_replaced()
    {
        Open().Bytes("play-token", 32);
        File.WriteAllText(Path.Combine(_directory, "keys", "play-token"), "00ff");
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => Open().Bytes("play-token", 32));
    }

    [Fact]
    public void A_pair_of_keys_signs_and_verifies_across_processes()
    {
        using var first = Open().Es256("ticket");
        using var second = Open().Es256("ticket");
        var signature = first.SignData("x"u8, System.Security.Cryptography.HashAlgorithmName.SHA256);
        Assert.True(second.VerifyData("x"u8, signature, System.Security.Cryptography.HashAlgorithmName.SHA256));
    }
}
