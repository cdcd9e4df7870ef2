namespace Ovation.Server.Tests;

/// <summary>A wallet that leaves as a keystore and comes back; no server is asked.</summary>
public sealed class KeystoreTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");

    private static readonly string[] Export = ["wallet", "export", "--keystore"];

    [Fact]
    public async Task A_wallet_leaves_as_a_keystore_and_comes_back_with_the_password_alone()
    {
        using var one = new OvationCli(Nowhere);
        using var other = new OvationCli(Nowhere);
        var address = (await one.Json("wallet", "create")).GetProperty("address").GetString();
        var key = (await one.Json("wallet", "export")).GetProperty("privateKey").GetString()!;
        var file = Path.Combine(one.Home, "backup.json");
        var exported = await one.Run(null, [.. Export, file, "--password-stdin", "--json"], "correct horse\n");
        Assert.Equal((address, file), (exported.Json.GetProperty("address").GetString(), exported.Json.GetProperty("keystore").GetString()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var keystore = await File.ReadAllTextAsync(file);
        Assert.DoesNotContain(key[2..], keystore + exported.Output + exported.Errors, StringComparison.OrdinalIgnoreCase);

        var wrong = await other.Run(null, ["wallet", "import", "--keystore", file, "--password-stdin", "--json"], "correct house\n");
        Assert.Equal((1, "wrong-password"), (wrong.ExitCode, wrong.Problem.GetProperty("code").GetString()));
        var none = await other.Run("wallet", "import", "--keystore", file, "--json");
        Assert.Equal((1, "no-password"), (none.ExitCode, none.Problem.GetProperty("code").GetString()));
        var back = await other.Run(new() { ["OVATION_KEYSTORE_PASSWORD"] = "correct horse" }, ["wallet", "import", "--keystore", file, "--json"]);
        Assert.Equal(address, back.Json.GetProperty("address").GetString());
        Assert.Equal(key, (await other.Json("wallet", "export")).GetProperty("privateKey").GetString());
    }

    [Fact]
    public async Task A_file_is_never_overwritten_and_a_keystore_never_without_a_password()
    {
        using var cli = new OvationCli(Nowhere);
        await cli.Json("wallet", "create");
        var file = Path.Combine(cli.Home, "precious.json");
        await File.WriteAllTextAsync(file, "precious");
        var exists = await cli.Run(null, [.. Export, file, "--password-stdin", "--json"], "secret\n");
        Assert.Equal((1, "file-exists"), (exists.ExitCode, exists.Problem.GetProperty("code").GetString()));
        Assert.Equal("precious", await File.ReadAllTextAsync(file));

        var fresh = Path.Combine(cli.Home, "fresh.json");
        foreach (var input in new[] { "", "\n" })
        {
            var empty = await cli.Run(null, [.. Export, fresh, "--password-stdin", "--json"], input);
            Assert.Equal((1, "no-password"), (empty.ExitCode, empty.Problem.GetProperty("code").GetString()));
            Assert.False(File.Exists(fresh));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")]
    [InlineData("")]
    public async Task What_is_no_keystore_is_refused_and_no_wallet_is_made(string content)
    {
        using var cli = new OvationCli(Nowhere);
        var file = Path.Combine(cli.Home, "file.json");
        await File.WriteAllTextAsync(file, content);
        var refused = await cli.Run(null, ["wallet", "import", "--keystore", file, "--password-stdin", "--json"], "secret\n");
        Assert.Equal((1, "bad-keystore"), (refused.ExitCode, refused.Problem.GetProperty("code").GetString()));
        Assert.Equal("", refused.Output);
        Assert.DoesNotContain("4c0883", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cli.Home, "wallet.json")));
    }

    [Fact]
    public async Task An_endless_file_is_refused_and_not_read_to_its_end()
    {
        using var cli = new OvationCli(Nowhere);
        var refused = await cli.Run(null, ["wallet", "import", "--keystore", "/dev/zero", "--password-stdin", "--json"], "secret\n");
        Assert.Equal((1, "bad-keystore"), (refused.ExitCode, refused.Problem.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("wallet", "import", "--keystore", "/does/not/exist.json")]
    [InlineData("wallet", "import", "--password-stdin")]
    [InlineData("wallet", "export", "--password-stdin")]
    [InlineData("wallet", "export", "--keystore")]
    public async Task Wrong_usage_exits_2(params string[] arguments)
    {
        using var cli = new OvationCli(Nowhere);
        var answer = await cli.Run(arguments);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
    }
}
