namespace Ovation.Server.Tests;

/// <summary>What the CLI says to commands it does not understand; no server is asked.</summary>
public sealed class UsageTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");

    [Theory]
    [InlineData("")]
    [InlineData("sing")]
    [InlineData("play")]
    [InlineData("play", "not-an-id")]
    [InlineData("play", "01a205f1-09d9-7b87-9133-2824f022f216", "--rendition", "mp3")]
    [InlineData("play", "01a205f1-09d9-7b87-9133-2824f022f216", "--seconds", "0")]
    [InlineData("play", "01a205f1-09d9-7b87-9133-2824f022f216", "--seconds", "soon")]
    [InlineData("play", "01a205f1-09d9-7b87-9133-2824f022f216", "--out", "-", "--json")]
    [InlineData("signup")]
    [InlineData("signup", "--email", "a@example.org", "--password", "x", "--password-stdin")]
    [InlineData("artist", "create", "--handle", "Night Ferry", "--name", "x")]
    [InlineData("song", "upload", "/does/not/exist.wav", "--title", "x")]
    [InlineData("tab", "open")]
    [InlineData("tab", "open", "--deposit", "1.0000001")]
    [InlineData("tab", "open", "--deposit", "-1")]
    [InlineData("tab", "open", "--deposit", "1e3")]
    [InlineData("tab", "open", "--deposit", "1,50")]
    [InlineData("tab", "open", "--deposit", ".5")]
    [InlineData("tab", "open", "--deposit", "5.")]
    [InlineData("tab", "open", "--deposit", "99999999999")]
    [InlineData("authorise", "nightferry", "--limit", "lots")]
    [InlineData("withdraw", "--to", "0x123")]
    [InlineData("withdraw", "--to", "0x52908400098527886E0F7030069857D2E4169Ee7")]
    [InlineData("whoami", "--url", "localhost")]
    [InlineData("whoami", "--url", "http://localhost:8080/path")]
    [InlineData("wallet", "show", "--rpc", "ftp://node")]
    [InlineData("settle", "--rpc", "ftp://node", "--book", "/dev/null")]
    [InlineData("settle", "--book", "/dev/null")]
    [InlineData("signup", "--email", "a@example.org", "--password-stdin=maybe")]
    public async Task Wrong_usage_exits_2_and_leaves_stdout_empty(params string[] arguments)
    {
        using var cli = new OvationCli(Nowhere);
        var answer = await cli.Run([.. arguments.Where(a => a.Length > 0)]);
        Assert.Equal(2, answer.ExitCode);
        Assert.Equal("", answer.Output);
        Assert.NotEqual("", answer.Errors);
    }

    [Theory]
    [InlineData]
    [InlineData("signup")]
    [InlineData("login")]
    [InlineData("logout")]
    [InlineData("whoami")]
    [InlineData("sessions")]
    [InlineData("sessions", "revoke")]
    [InlineData("wallet", "create")]
    [InlineData("wallet", "show")]
    [InlineData("wallet", "export")]
    [InlineData("wallet", "import")]
    [InlineData("wallet", "fund")]
    [InlineData("artist", "create")]
    [InlineData("artist", "show")]
    [InlineData("artist", "earnings")]
    [InlineData("artist", "statements")]
    [InlineData("song", "upload")]
    [InlineData("song", "publish")]
    [InlineData("song", "list")]
    [InlineData("song", "show")]
    [InlineData("song", "search")]
    [InlineData("song", "verify")]
    [InlineData("tab", "open")]
    [InlineData("tab", "show")]
    [InlineData("tab", "top-up")]
    [InlineData("tab", "close")]
    [InlineData("authorise")]
    [InlineData("authorisations")]
    [InlineData("authorisations", "revoke")]
    [InlineData("play")]
    [InlineData("settle")]
    [InlineData("withdraw")]
    [InlineData("audit")]
    public async Task Every_command_teaches_with_an_example(params string[] command)
    {
        using var cli = new OvationCli(Nowhere);
        var answer = await cli.Run([.. command, "--help"]);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Example:", answer.Output, StringComparison.Ordinal);
        Assert.Contains("ovation " + string.Join(' ', command), answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_the_problem_is_on_stderr_and_the_exit_code_1()
    {
        using var cli = new OvationCli(Nowhere);
        var answer = await cli.Run("song", "list", "--json");
        Assert.Equal(1, answer.ExitCode);
        Assert.Equal("", answer.Output);
        Assert.Equal("server-unavailable", answer.Problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_wallet_is_made_exported_and_imported_without_any_server_and_never_overwritten()
    {
        using var one = new OvationCli(Nowhere);
        using var other = new OvationCli(Nowhere);
        var made = await one.Json("wallet", "create");
        var exported = await one.Json("wallet", "export");
        var imported = (await other.Run(null, ["wallet", "import", "--json"], exported.GetProperty("privateKey").GetString() + "\n")).Json;
        Assert.Equal(made.GetProperty("address").GetString(), imported.GetProperty("address").GetString());

        var again = await one.Run("wallet", "create", "--json");
        Assert.Equal(1, again.ExitCode);
        Assert.Equal("wallet-exists", again.Problem.GetProperty("code").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(one.Home, "wallet.json")));
    }
}
