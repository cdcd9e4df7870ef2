using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Ovation.Artists;
using Ovation.Gateway;
using Ovation.Identity;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Server.Tests.Gateway;
using Ovation.Server.Tests.Identity;
using Ovation.Server.Tests.Payments;

namespace Ovation.Fleet.Tests.Database;

/// <summary>Two replicas of a module on one PostgreSQL, asked for the same thing at the same time: exactly one gets it.</summary>
public sealed class ReplicaTests(Postgres postgres) : IDisposable
{
    private const int AtOnce = 64;

    private readonly string _secrets = Directory.CreateTempSubdirectory("ovation-secrets-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_secrets, recursive: true);

    [Fact]
    public async Task Leases_at_once_on_one_tab_leave_one_winner_a_step_whichever_replica_is_asked()
    {
        await using var worlds = await Worlds.Start(await Variables());
        var (listener, song) = await worlds.Ready();
        for (uint step = 0; step < 4; step++)
        {
            // Different chunks after the same statement: each follows the newest, and only one can.
            var requests = Enumerable.Range(0, AtOnce).Select(i => listener.Next(song, ((uint)i % 40, ((uint)i % 40) + 1))).ToArray();
            var answers = await Task.WhenAll(requests.Select((request, i) => worlds.Of(i).Call(listener.Account, HttpMethod.Post, "leases", request)));
            var won = answers.Where(x => x.Status == 200).ToArray();
            Assert.Equal(AtOnce, won.Length + answers.Count(x => x.Status == 409));
            // The same chunks twice among the requests are the same statement, and so the same lease.
            Assert.Single(won.Select(x => x.Text("playsRoot")).Distinct());
            listener.Accept((await worlds.Of(0).Call(listener.Account, HttpMethod.Post, "leases", listener.Ask(song, Ovation.Protocol.Statement.Empty, listener.TabId, (0, 1)))).Is(409));
            Assert.Equal((step + 1) * 100, listener.Newest.Total);
        }
        Assert.Equal(4, await worlds.Of(0).Count("payments", $"leases WHERE \"TabId\" = '{listener.TabId}'"));
        Assert.Equal(400, (await listener.Tab()).Number("spent"));
    }

    [Fact]
    public async Task The_same_lease_asked_for_many_times_at_once_is_one_lease_and_paid_once()
    {
        await using var worlds = await Worlds.Start(await Variables());
        var (listener, song) = await worlds.Ready();
        var request = listener.Next(song, (0, 8));
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => worlds.Of(i).Call(listener.Account, HttpMethod.Post, "leases", request)));
        Assert.All(answers, x => x.Is(200));
        Assert.Single(answers.Select(x => x.Text("token")).Distinct());
        Assert.Equal(800, (await listener.Tab()).Number("spent"));
    }

    [Fact]
    public async Task A_tab_asked_to_be_settled_by_both_replicas_at_once_goes_into_one_batch()
    {
        await using var worlds = await Worlds.Start(await Variables());
        var (listener, song) = await worlds.Ready();
        await listener.Buy(song, (0, 8));
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => worlds.Of(i).Call(listener.Account, HttpMethod.Post, "settlements", new { })));
        Assert.All(answers, x => x.Is(202));
        await worlds.Of(0).Quiet();
        Assert.Single(worlds.Heard<SettlementDue>());
    }

    [Fact]
    public async Task A_tab_belongs_to_the_first_account_that_proved_its_key()
    {
        await using var worlds = await Worlds.Start(await Variables());
        using var listener = new Listener(worlds.Of(0));
        var accounts = Enumerable.Range(0, 16).Select(_ => Guid.CreateVersion7()).ToArray();
        var answers = await Task.WhenAll(accounts.Select((account, i) => worlds.Of(i).Call(account, HttpMethod.Post, "tabs", listener.Opening(account: account))));
        Assert.Single(answers, x => x.Status == 202);
        Assert.Equal(15, answers.Count(x => x.Status == 409));
        await worlds.Of(0).Quiet();
        Assert.Single(worlds.Heard<TabOpeningSigned>());
    }

    [Fact]
    public async Task A_ticket_is_exchanged_once_whichever_replica_is_asked()
    {
        var variables = await Variables();
        await using var first = await SteppedServer.Start(variables, GatewayModule.Module, IdentityModule.Module);
        await using var second = await SteppedServer.Start(variables, GatewayModule.Module, IdentityModule.Module);
        using var device = new Device(first.Url);
        using var other = new Device(second.Url);
        var (email, verifier) = (Device.NewEmail(), Device.NewVerifier());
        await device.SignUp(email);
        var ticket = await device.Ticket(email, verifier);
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => (i % 2 == 0 ? device : other).Post("/api/session", new { ticket, verifier, bearer = true })));
        Assert.Single(answers, x => x.Status == HttpStatusCode.OK);
        Assert.All(answers, x => Assert.True(x.Status is HttpStatusCode.OK or HttpStatusCode.Unauthorized, x.Body));
        // And the session it bought is known to both, until it is ended at one of them.
        (device.Bearer, other.Bearer) = (answers.Single(x => x.Status == HttpStatusCode.OK).Text("token"), answers.Single(x => x.Status == HttpStatusCode.OK).Text("token"));
        Assert.True(await other.IsSignedIn());
        Assert.Equal(HttpStatusCode.NoContent, (await device.Delete("/api/session")).Status);
        Assert.False(await other.IsSignedIn());
    }

    [Fact]
    public async Task A_handle_is_given_to_one_of_many_who_want_it_at_once()
    {
        var variables = await Variables();
        await using var first = await SteppedServer.Start(variables, ArtistsModule.Module);
        await using var second = await SteppedServer.Start(variables, ArtistsModule.Module);
        using var http = new HttpClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async i =>
        {
            var (server, account) = (i % 2 == 0 ? first : second, Guid.CreateVersion7());
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, "/api/artists"));
            request.Headers.Add(IdentityHeader.Name, server.Header.Mint(new Caller(account, account), "artists", "POST", "/api/artists"));
            request.Content = JsonContent.Create(new { handle = "wanted_by_all", name = $"Artist {i}", owner = PaymentsWorld.Address() });
            using var answer = await http.SendAsync(request, Cancel);
            return answer.StatusCode;
        }));
        Assert.Single(answers, x => x == HttpStatusCode.Created);
        Assert.Equal(AtOnce - 1, answers.Count(x => x == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Every_lease_that_was_given_is_there_after_the_database_was_killed_and_both_replicas_go_on_within_seconds()
    {
        var own = new Postgres([]);
        await own.InitializeAsync();
        await using var _ = own;
        var variables = await own.NewDatabase();
        variables["OVATION_SECRETS"] = _secrets;
        await using var worlds = await Worlds.Start(variables);
        var (listener, song) = await worlds.Ready();
        var (given, refused) = (0, 0);
        for (var round = 0; round < 3; round++)
        {
            // In the middle of it: after so many leases, while the next one is asked for.
            var (killed, enough) = (Task.CompletedTask, given + Random.Shared.Next(8, 20));
            // A listener whose request failed asks the same again: paid at most once, whatever became of the first.
            var request = listener.Next(song, (0, 1));
            for (var killing = false; !killing || !killed.IsCompleted;)
            {
                if (!killing && given >= enough) (killing, killed) = (true, own.Kill());
                if (await Lease(worlds, listener, request, given + refused) is 200) request = Next(ref given);
                else refused++;
            }
            await killed;
            await own.Start();
            var clock = Stopwatch.StartNew();
            foreach (var replica in new[] { 0, 1 })
            {
                while (await Lease(worlds, listener, request, replica) is not 200)
                {
                    Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"replica {replica} is not back after {clock.Elapsed}");
                    await Task.Delay(20, Cancel);
                }
                request = Next(ref given);
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: {given} leases given, {refused} refused, both back after {clock.Elapsed.TotalMilliseconds:0} ms");
            Assert.Equal(given * 100, (await listener.Tab()).Number("spent"));
            Assert.Equal(given, await worlds.Of(0).Count("payments", $"leases WHERE \"TabId\" = '{listener.TabId}'"));
        }

        Ovation.Payments.Leases.TakeLeaseRequest Next(ref int count)
        {
            count++;
            var (list, root) = listener.After(song, song.PricePerPlay, (0, 1));
            listener.Bought(list, root);
            return listener.Next(song, (0, 1));
        }
    }

    private static async Task<int> Lease(Worlds worlds, Listener listener, object request, int replica)
    {
        var answer = await worlds.Of(replica).Call(listener.Account, HttpMethod.Post, "leases", request);
        Assert.True(answer.Status is 200 or 503, $"{answer.Status}: {answer.Body}");
        return answer.Status;
    }

    private async Task<Dictionary<string, string>> Variables()
    {
        var variables = await postgres.NewDatabase();
        variables["OVATION_SECRETS"] = _secrets;
        return variables;
    }

    /// <summary>Two replicas of Payments.</summary>
    private sealed class Worlds : IAsyncDisposable
    {
        private readonly PaymentsWorld[] _worlds;

        private Worlds(PaymentsWorld[] worlds) => _worlds = worlds;

        public static async Task<Worlds> Start(IReadOnlyDictionary<string, string> variables)
        {
            PaymentsWorld[] worlds = [new(variables), new(variables)];
            foreach (var world in worlds) await world.InitializeAsync();
            return new Worlds(worlds);
        }

        public PaymentsWorld Of(int i) => _worlds[i % _worlds.Length];

        public IEnumerable<TMessage> Heard<TMessage>() => _worlds.SelectMany(x => x.Heard).OfType<TMessage>();

        public async Task<(Listener Listener, SongPublished Song)> Ready()
        {
            var song = await _worlds[0].Song(await _worlds[0].Artist());
            var listener = await new Listener(_worlds[0]).Open(50_000_000);
            (await listener.Authorise(song.ArtistId, 50_000_000)).Is(200);
            return (listener, song);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var world in _worlds) await world.DisposeAsync();
        }
    }
}
