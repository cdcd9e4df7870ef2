using System.CommandLine;
using System.Text.Json.Nodes;
using Ovation.Cli.Homes;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Cli;

/// <summary>One run of one command: its options, the home, the server, the chain, and where its answer goes.</summary>
internal sealed class Invocation(ParseResult parsed) : IDisposable
{
    private const string DefaultUrl = "http://localhost:8080";

    private readonly HttpClient _nodes = new();
    private OvationClient? _client;
    private PinnedChain? _chain;

    /// <summary>One document on stdout.</summary>
    public bool Json { get; } = parsed.GetValue(Globals.Json);

    /// <summary>Bars and spinners are for people only.</summary>
    public bool Lively => !Json && !Console.IsOutputRedirected;

    public Home Home { get; } = Home.FromEnvironment();

    /// <summary>What is kept for this server alone.</summary>
    public ServerHome Server => field ??= Home.Of(ServerUrl());

    /// <summary>The server, with the session of this home if there is one.</summary>
    public OvationClient Client => _client ??= new(Server.Url, Server.Session?.Token);

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>Who is signed in here.</summary>
    /// <exception cref="RefusedException"><c>sign-in-required</c>.</exception>
    public SavedSession Session() => Server.Session
        ?? throw new RefusedException("sign-in-required", $"Nobody is signed in at {Server.Origin}; run ovation login --email …");

    /// <summary>The wallet of this home.</summary>
    /// <exception cref="RefusedException"><c>no-wallet</c>.</exception>
    public PrivateKey Wallet() => Home.Wallet()
        ?? throw new RefusedException("no-wallet", "There is no wallet here yet; run ovation wallet create.");

    /// <summary>The chain this server lives on, checked against what was pinned at first use, and a reader of it.</summary>
    public async Task<PinnedChain> Chain(CancellationToken cancel)
    {
        if (_chain is not null)
            return _chain;
        var info = await Client.Chain.Show(cancel);
        Server.Pin(info);
        var own = parsed.GetValue(Globals.Rpc) ?? Home.Node();
        var named = info.Rpc.Count > 0 ? Globals.Node(info.Rpc[0]) : null;
        var node = own ?? named ?? throw new RefusedException("no-node", "The server names no node of its chain; give one with --rpc.");
        var reader = new ChainReader(_nodes, node, info.ChainId);
        await reader.Check(cancel);
        return _chain = new(info, reader, own is not null);
    }

    /// <summary>The answer: JSON for programs, sentences for people.</summary>
    public void Answer(JsonObject json, Action people)
    {
        if (Json)
            Console.Out.WriteLine(json.ToJsonString(Shown.Options));
        else
            people();
    }

    /// <summary>A remark beside the answer.</summary>
    public void Note(string text)
    {
        if (!Json)
            Console.Error.WriteLine(Plain.Line(text));
    }

    public void Dispose()
    {
        _client?.Dispose();
        _nodes.Dispose();
    }

    private Uri ServerUrl()
    {
        if (parsed.GetValue(Globals.Url) is { } given)
            return given;
        var text = Environment.GetEnvironmentVariable("OVATION_URL") is { Length: > 0 } set ? set : DefaultUrl;
        return Globals.Origin(text)
            ?? throw new RefusedException("bad-url", $"OVATION_URL must be an origin such as {DefaultUrl}, not “{text}”.");
    }
}

/// <summary>A chain whose contracts are the ones this home has always used for the server.</summary>
/// <param name="OwnNode">Read through a node of the user's choice, not the server's.</param>
internal sealed record PinnedChain(ChainInfo Info, ChainReader Reader, bool OwnNode)
{
    public Address Registry { get; } = Address.Parse(Info.Registry);

    public Address Tabs { get; } = Address.Parse(Info.Tabs);

    public Address Token { get; } = Address.Parse(Info.Token);

    /// <summary>Says whose word is taken.</summary>
    public string Said => OwnNode ? $"read on chain through your node {Reader.Node}" : $"read on chain through {Reader.Node}, the node this server names (--rpc to use yours)";
}
