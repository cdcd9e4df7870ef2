using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform.Tests.Http;

public sealed class IdentityHeaderTests
{
    private static readonly Module Probe = new("probe")
    {
        Map = routes =>
        {
            routes.MapGet("/api/probe/whoami", (Caller caller) => caller.AccountId);
            routes.MapGet("/api/probe/other", (Caller caller) => caller.AccountId);
            routes.MapGet("/api/probe/open", (Caller? caller) => caller is null ? "nobody" : "somebody").AllowAnonymous();
            routes.MapPost("/api/probe/echo", (Echo echo) => TypedResults.Ok(echo)).AllowAnonymous();
            routes.MapGet("/api/probe/broken", string () => throw new InvalidOperationException("secret detail")).AllowAnonymous();
            routes.MapGet("/api/probe/refused", () => new Refusal(402, "pay-up", "Pay first.") { RetryAfter = 3 }).AllowAnonymous();
        },
    };

    private static async Task<HttpResponseMessage> Get(Running server, string path, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header is not null) request.Headers.Add(IdentityHeader.Name, header);
        return await server.Http.SendAsync(request);
    }

    [Fact]
    public async Task Only_a_header_signed_for_this_module_method_and_path_names_a_caller()
    {
        await using var server = await Running.Start(Probe);
        var mint = server.Services.GetRequiredService<IdentityHeader>();
        var caller = new Caller(Guid.CreateVersion7(), Guid.CreateVersion7());
        var good = mint.Mint(caller, "probe", "GET", "/api/probe/whoami");
        Assert.Equal(caller.AccountId, await (await Get(server, "/api/probe/whoami", good)).Content.ReadFromJsonAsync<Guid>());

        string[] bad =
        [
            mint.Mint(caller, "catalog", "GET", "/api/probe/whoami"),
            mint.Mint(caller, "probe", "POST", "/api/probe/whoami"),
            mint.Mint(caller, "probe", "GET", "/api/probe/other"),
            good[..^4] + "AAAA",
            "eyJhbGciOiJub25lIn0." + good.Split('.')[1] + ".",
            "",
            "rubbish",
        ];
        foreach (var header in bad) Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, "/api/probe/whoami", header)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, "/api/probe/whoami", null)).StatusCode);
    }

    [Fact]
    public async Task A_header_of_another_installation_is_nobody()
    {
        await using var server = await Running.Start(Probe);
        await using var other = await Running.Start(Probe);
        var foreign = other.Services.GetRequiredService<IdentityHeader>().Mint(new Caller(Guid.CreateVersion7(), Guid.CreateVersion7()), "probe", "GET", "/api/probe/open");
        Assert.Equal("nobody", await (await Get(server, "/api/probe/open", foreign)).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"text":"a","text":"b"}""")]
    [InlineData("""{"text":"a","more":1}""")]
    [InlineData("""{"text":null}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"text":""")]
    public async Task Json_that_is_not_exactly_what_the_route_takes_is_a_400_problem(string json)
    {
        await using var server = await Running.Start(Probe);
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var response = await server.Http.PostAsync("/api/probe/echo", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_bug_is_a_500_with_a_trace_id_and_no_detail()
    {
        await using var server = await Running.Start(Probe);
        var response = await server.Http.GetAsync("/api/probe/broken");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("secret detail", text, StringComparison.Ordinal);
        Assert.NotEmpty(JsonDocument.Parse(text).RootElement.GetProperty("traceId").GetString()!);
    }

    [Fact]
    public async Task A_refusal_is_a_problem_with_a_stable_type()
    {
        await using var server = await Running.Start(Probe);
        var response = await server.Http.GetAsync("/api/probe/refused");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.Equal("/problems/pay-up", problem.GetProperty("type").GetString());
        Assert.Equal("3", response.Headers.GetValues("Retry-After").Single());
    }
}

public sealed record Echo(string Text);
