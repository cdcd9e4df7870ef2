using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ovation.Ethereum.Tests;

/// <summary>A server that answers each request as the test says: with text as it is, or, on null, never.</summary>
internal sealed class LocalHttp : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<int, string?> answer;
    private readonly Task serving;
    private int requests;

    /// <param name="answer">The whole HTTP response to the n-th request, from 1; "" closes the connection.</param>
    internal LocalHttp(Func<int, string?> answer)
    {
        this.answer = answer;
        listener.Start();
        serving = Serve();
    }

    internal Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    internal int Requests => Volatile.Read(ref requests);

    internal static string Ok(string body, int? length = null) => Status("200 OK", body, length);

    internal static string Status(string status, string body = "", int? length = null) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length ?? Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        listener.Stop();
        stop.Dispose();
    }

    private async Task Serve()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(Answer(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Answer(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[65536];
                var read = 0;
                // Every request of these tests is one small JSON object and ends with it.
                while (read == 0 || buffer[read - 1] != '}')
                {
                    var more = await stream.ReadAsync(buffer.AsMemory(read), stop.Token);
                    if (more == 0) return;
                    read += more;
                }

                var response = answer(Interlocked.Increment(ref requests));
                if (response is null) await Task.Delay(Timeout.Infinite, stop.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(response!), stop.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException)
            {
            }
        }
    }
}
