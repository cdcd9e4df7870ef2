using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ovation.Client.Http;

/// <summary>
/// Whether a request may be sent again when it is unknown what became of it. A request that never reached anybody is sent again in any case.
/// </summary>
internal enum Repeat
{
    /// <summary>Never: a second one might act a second time.</summary>
    Never,

    /// <summary>The server answers a repetition with what the first one did.</summary>
    Safe,
}

/// <summary>Requests and answers: JSON both ways, problems as exceptions, bounded time and size, patience where it is safe.</summary>
internal sealed class Door(HttpClient http, Func<string?> token)
{
    /// <summary>From sending to the answer's head.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    private const int MaxProblem = 65_536;
    private const int MaxAnswer = 16 << 20;
    private static readonly int[] Waits = [200, 500, 1_200];
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public Uri Server => http.BaseAddress!;

    public Task<T> Get<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancel) =>
        Receive(() => new(HttpMethod.Get, path), answer, Repeat.Safe, cancel);

    public Task<TAnswer> Send<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answer, Repeat repeat, CancellationToken cancel) =>
        Receive(() => new(method, path) { Content = JsonContent.Create(body, bodyType, Json) }, answer, repeat, cancel);

    public async Task Delete(string path, CancellationToken cancel)
    {
        using var response = await Ask(() => new(HttpMethod.Delete, path), Repeat.Safe, cancel).ConfigureAwait(false);
    }

    /// <summary>A small public file, no longer than it may be.</summary>
    public async Task<byte[]> GetBytes(string path, long max, CancellationToken cancel)
    {
        using var response = await Ask(() => new(HttpMethod.Get, path), Repeat.Safe, cancel).ConfigureAwait(false);
        return await ReadUpTo(response, max, cancel).ConfigureAwait(false)
            ?? throw new ServerUnavailableException(Server, $"the answer to {path} is longer than the {max} bytes it may have");
    }

    /// <summary>The head of a successful answer; the body is still on its way. The caller disposes it.</summary>
    public async Task<HttpResponseMessage> Ask(Func<HttpRequestMessage> make, Repeat repeat, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var patient = attempt < Waits.Length;
            var wait = TimeSpan.FromMilliseconds(patient ? Waits[attempt] : 0);
            try
            {
                var response = await Once(make(), cancel).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return response;
                using (response)
                {
                    if (!patient || repeat == Repeat.Never || !IsPassing(response, ref wait))
                    {
                        var body = await ReadUpTo(response, MaxProblem, cancel).ConfigureAwait(false);
                        throw new RefusedException(Problem.Read((int)response.StatusCode, body ?? []));
                    }
                }
            }
            catch (HttpRequestException failed)
            {
                // Nobody was there, so nothing was done, whatever the request was.
                var unsent = failed.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
                if (!patient || (repeat == Repeat.Never && !unsent))
                    throw new ServerUnavailableException(Server, unsent ? $"no server answers there ({failed.Message})" : failed.Message, failed);
            }
            catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
            {
                if (!patient || repeat == Repeat.Never)
                    throw new ServerUnavailableException(Server, $"no answer within {AnswerTime.TotalSeconds:0} s", late);
            }
            await Task.Delay(wait, cancel).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> Once(HttpRequestMessage request, CancellationToken cancel)
    {
        using var _ = request;
        // Media and public pages need no session and get none: a token travels no further than it must.
        if (token() is { } bearer && request.RequestUri!.OriginalString.StartsWith("/api/", StringComparison.Ordinal))
            request.Headers.Authorization = new("Bearer", bearer);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerTime);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
    }

    private async Task<T> Receive<T>(Func<HttpRequestMessage> make, JsonTypeInfo<T> answer, Repeat repeat, CancellationToken cancel)
    {
        using var response = await Ask(make, repeat, cancel).ConfigureAwait(false);
        try
        {
            var body = await ReadUpTo(response, MaxAnswer, cancel).ConfigureAwait(false);
            return (body is null ? default : JsonSerializer.Deserialize(body, answer))
                ?? throw new ServerUnavailableException(Server, "the answer is empty, or far too long");
        }
        catch (JsonException wrong)
        {
            throw new ServerUnavailableException(Server, $"the answer is not what this client understands (at {wrong.Path ?? "$"})", wrong);
        }
    }

    /// <summary>The body, or null when it is longer than allowed.</summary>
    private async Task<byte[]?> ReadUpTo(HttpResponseMessage response, long max, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > max)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerTime);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            using var bytes = new MemoryStream();
            var buffer = new byte[16_384];
            for (int read; (read = await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false)) > 0;)
            {
                if (bytes.Length + read > max)
                    return null;
                bytes.Write(buffer, 0, read);
            }
            return bytes.ToArray();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException
            || (broken is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new ServerUnavailableException(Server, "the connection broke before the answer was complete", broken);
        }
    }

    private static bool IsPassing(HttpResponseMessage response, ref TimeSpan wait)
    {
        if (response.Headers.RetryAfter?.Delta is { } asked)
        {
            if (asked > TimeSpan.FromSeconds(5))
                return false;
            wait = asked > wait ? asked : wait;
        }
        return response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            or HttpStatusCode.TooManyRequests;
    }
}
