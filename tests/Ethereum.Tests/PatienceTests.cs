using System.Diagnostics;

namespace Ovation.Ethereum.Tests;

/// <summary>What the client of a node does when the node is slow, broken or hostile.</summary>
public class PatienceTests
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static EthereumNode Node(Uri url, int timeout = 5000, int attempts = 3, int maxBytes = 4096) => new(Http, url, new()
    {
        Timeout = TimeSpan.FromMilliseconds(timeout),
        Attempts = attempts,
        FirstWait = TimeSpan.FromMilliseconds(5),
        MaxAnswerBytes = maxBytes,
    });

    private static string Result(int id, string result) => LocalHttp.Ok($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}");

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
    public async Task A_question_is_asked_again_after_a_passing_failure(string failure)
    {
        await using var server = new LocalHttp(n => n < 3 ? failure : Result(n, "\"0x2a\""));
        Assert.Equal(42, await Node(server.Url).BlockNumber(Cancel));
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task Attempts_are_bounded()
    {
        await using var server = new LocalHttp(_ => LocalHttp.Status("502 Bad Gateway"));
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(server.Url).BlockNumber(Cancel));
        Assert.Contains("502", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task A_silent_node_costs_the_time_out_and_no_more()
    {
        await using var server = new LocalHttp(_ => null);
        var watch = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(server.Url, timeout: 200, attempts: 2).BlockNumber(Cancel));
        Assert.Contains("0.2 s", failure.Message, StringComparison.Ordinal);
        Assert.InRange(watch.ElapsedMilliseconds, 350, 5000);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task An_answer_that_never_ends_costs_the_time_out_too()
    {
        await using var server = new LocalHttp(_ => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
        await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(server.Url, timeout: 300, attempts: 1).BlockNumber(Cancel));
    }

    [Fact]
    public async Task No_node_at_all_is_unavailable()
    {
        Uri url;
        await using (var server = new LocalHttp(_ => null)) url = server.Url;
        await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(url).BlockNumber(Cancel));
    }

    [Theory]
    [InlineData("eth_sendRawTransaction")]
    [InlineData("evm_increaseTime")]
    [InlineData("anvil_mine")]
    public async Task What_changes_something_is_tried_once(string method)
    {
        await using var server = new LocalHttp(_ => LocalHttp.Status("503 Service Unavailable"));
        await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(server.Url).Request<string>(method, cancellation: Cancel));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_not_tried_again()
    {
        await using var server = new LocalHttp(_ => null);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Node(server.Url).BlockNumber(cancel.Token));
        Assert.InRange(server.Requests, 0, 1);
    }

    [Fact]
    public async Task An_answer_over_the_cap_is_refused_with_or_without_a_length()
    {
        var body = new string(' ', 5000);
        await using var declared = new LocalHttp(n => Result(n, $"\"{body}\""));
        await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(declared.Url).Request<string>("eth_x", cancellation: Cancel));
        await using var streamed = new LocalHttp(_ => $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}");
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(streamed.Url).Request<string>("eth_x", cancellation: Cancel));
        Assert.Contains("4096", failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (declared.Requests, streamed.Requests));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":\"0x1\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":\"text\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":\"x\",\"message\":1}}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":12}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0xffffffffffffffffff\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":1}}")]
    public async Task What_is_no_answer_is_unavailable_and_not_a_crash(string body)
    {
        await using var server = new LocalHttp(_ => LocalHttp.Ok(body));
        await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(server.Url).BlockNumber(Cancel));
    }

    [Theory]
    [InlineData("{\"number\":\"0x1\"}")]
    [InlineData("{\"number\":\"0x1\",\"hash\":\"0x12\",\"parentHash\":\"0x12\",\"timestamp\":\"0x1\"}")]
    [InlineData("[]")]
    public async Task A_block_of_another_form_is_unavailable(string block)
    {
        await using var server = new LocalHttp(n => Result(n, block));
        await Assert.ThrowsAsync<NodeUnavailableException>(() => Node(server.Url).Block(cancellation: Cancel));
    }

    [Theory]
    [InlineData("\"0x08c379a0\"", "0x08c379a0")]
    [InlineData("{\"data\":\"0x08c379a0\"}", "0x08c379a0")]
    [InlineData("\"Reverted\"", null)]
    [InlineData("null", null)]
    public async Task Revert_data_is_found_where_nodes_put_it(string data, string? expected)
    {
        await using var server = new LocalHttp(n => LocalHttp.Ok($"{{\"jsonrpc\":\"2.0\",\"id\":{n},\"error\":{{\"code\":3,\"message\":\"execution reverted\",\"data\":{data}}}}}"));
        var reverted = await Assert.ThrowsAsync<RpcException>(() => Node(server.Url).Call(Address.Zero, [], cancellation: Cancel));
        Assert.Equal(expected, reverted.RevertData is { } bytes ? Hex.Encode(bytes) : null);
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData("already known", SendOutcome.AlreadyKnown)]
    [InlineData("AlreadyKnown", SendOutcome.AlreadyKnown)]
    [InlineData("transaction already imported", SendOutcome.AlreadyKnown)]
    [InlineData("nonce too low: next nonce 5, tx nonce 4", SendOutcome.NonceTooLow)]
    [InlineData("OldNonce", SendOutcome.NonceTooLow)]
    public async Task The_words_of_different_nodes_mean_the_same(string message, SendOutcome outcome)
    {
        await using var server = new LocalHttp(n => LocalHttp.Ok($"{{\"jsonrpc\":\"2.0\",\"id\":{n},\"error\":{{\"code\":-32000,\"message\":\"{message}\"}}}}"));
        Assert.Equal(outcome, await Node(server.Url).SendRawTransaction([2], Cancel));
    }

    [Fact]
    public async Task An_error_in_a_bad_request_is_still_the_node_s_error()
    {
        await using var server = new LocalHttp(n => LocalHttp.Status("400 Bad Request", $"{{\"jsonrpc\":\"2.0\",\"id\":{n},\"error\":{{\"code\":-32600,\"message\":\"no\"}}}}"));
        Assert.Equal(-32600, (await Assert.ThrowsAsync<RpcException>(() => Node(server.Url).BlockNumber(Cancel))).Code);
    }
}
