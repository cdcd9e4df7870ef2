using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ovation.Server.Tests;

/// <summary>Commands that move money, given again because nobody knew what had become of the first.</summary>
public sealed class LostAnswerTests(RunningServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_top_up_whose_answer_was_lost_is_paid_once_however_late_it_is_given_again()
    {
        await using var middleman = await Middleman.Start(server.Url);
        using var listener = new OvationCli(middleman.Url);
        await Story.SignUp(listener);
        await listener.Json("wallet", "create");
        await listener.Json("wallet", "fund", "20.00");
        await listener.Json("tab", "open", "--deposit", "5.00");

        middleman.LoseAnswersTo = "/top-ups";
        var lost = await listener.Run("tab", "top-up", "1.50", "--json");
        Assert.Equal((1, "server-unavailable"), (lost.ExitCode, lost.Problem.GetProperty("code").GetString()));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (Deposit(await listener.Json("tab", "show")) < 6_500_000)
            limit.Token.ThrowIfCancellationRequested();

        middleman.LoseAnswersTo = null;
        Assert.Equal(6_500_000, Deposit(await listener.Json("tab", "top-up", "1.50")));
        Assert.Equal(13_500_000, (await listener.Json("wallet", "show")).GetProperty("balance").GetInt64());
        // That one is done with: the next is another.
        Assert.Equal(8_000_000, Deposit(await listener.Json("tab", "top-up", "1.50")));
    }

    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7", 2_000)]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D", 1_000)]
    public async Task A_withdrawal_is_never_reported_as_another_than_the_server_says(string to, long amount)
    {
        await using var middleman = await Middleman.Start(server.Url);
        using var story = await Story.Published(middleman.Url, seconds: 5, price: "0.004");
        using var listener = await story.Listener(deposit: "5.00", limit: "0.50");
        await listener.Json("play", story.SongId);
        await story.Artist.Json("settle");

        // As if it were the answer to an earlier wish that was not mined yet.
        middleman.Rewrite = (path, json) =>
        {
            if (!path.Contains("/withdrawals", StringComparison.Ordinal))
                return json;
            var view = JsonNode.Parse(json)!;
            (view["to"], view["amount"]) = (to, amount);
            return view.ToJsonString();
        };
        var refused = await story.Artist.Run("withdraw", "--to", "0x8617E340B3D01FA5F11F306F4090FD50E238070D", "0.002", "--json");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Equal("withdrawal-under-way", refused.Problem.GetProperty("code").GetString());
        Assert.Contains($"0.00{amount / 1_000} to {to}", refused.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static long Deposit(JsonElement tab) => tab.GetProperty("deposit").GetInt64();
}
