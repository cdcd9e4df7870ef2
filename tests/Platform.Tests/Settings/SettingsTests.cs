namespace Ovation.Platform.Tests.Environments;

public sealed class SettingsTests
{
    private static Settings From(params (string Name, string Value)[] variables) =>
        Settings.From(name => variables.FirstOrDefault(v => v.Name == name).Value);

    [Fact]
    public void Nothing_set_is_a_laptop_on_loopback()
    {
        var settings = From();
        Assert.Equal("http://127.0.0.1:8080", settings.Listen);
        Assert.Equal("anvil:", settings.Chain);
        Assert.StartsWith("sqlite:", settings.Db, StringComparison.Ordinal);
        Assert.True(settings.Alone);
    }

    [Theory]
    [InlineData("OVATION_URL", "localhost:8080")]
    [InlineData("OVATION_URL", "http://localhost:8080/path")]
    [InlineData("OVATION_DB", "mysql://x")]
    [InlineData("OVATION_BUS", "kafka://x")]
    [InlineData("OVATION_BLOBS", "ftp://x")]
    [InlineData("OVATION_CHAIN", "not a url")]
    [InlineData("OVATION_GAS_PER_ACCOUNT", "-1")]
    [InlineData("OVATION_GAS_PER_ADDRESS", "1e9")]
    [InlineData("OVATION_GAS_PER_DAY", "lots")]
    [InlineData("OVATION_GAS_PRICE_CEILING", "0")]
    public void What_cannot_be_used_is_refused_by_the_name_of_its_variable(string name, string value) =>
        Assert.Contains(name, Assert.Throws<SettingsException>(() => From((name, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var said = Assert.Throws<SettingsException>(() => From(("OVATION_DB", "mysql://x"), ("OVATION_BUS", "kafka://x"), ("OVATION_GAS_PER_DAY", "lots"))).Message;
        Assert.All(["OVATION_DB", "OVATION_BUS", "OVATION_GAS_PER_DAY"], name => Assert.Contains(name, said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_in_a_url_is_not_repeated_in_the_refusal() =>
        Assert.DoesNotContain("hunter2", Assert.Throws<SettingsException>(() => From(("OVATION_DB", "mysql://me:hunter2@db/x"))).Message, StringComparison.Ordinal);
}
