using System.Net;
using System.Text;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Gateway;

/// <summary>Whatever the body, the answer is a clear problem and never a 500.</summary>
[AnyShape]
public sealed class BodyTests(RunningServer server)
{
    public static TheoryData<string, string> Hostile
    {
        get
        {
            var bodies = new TheoryData<string, string>();
            foreach (var path in new[] { "/api/identity/accounts", "/api/identity/tickets", "/api/session" })
                foreach (var body in new[]
                {
                    "", "null", "[]", "7", "\"text\"", "{", "{}", "{\"email\":null,\"password\":null}", "{\"email\":7,\"password\":[]}", "\uFEFF{}",
                    "{\"email\":\"a@b.test\",\"password\":\"" + Device.Password + "\",\"admin\":true}",
                    "{\"email\":\"a@b.test\",\"email\":\"c@d.test\",\"password\":\"" + Device.Password + "\"}",
                    "{\"email\":\"\\ud800\",\"password\":\"" + Device.Password + "\"}", "{\"email\":\"a\\u0000@b.test\",\"password\":\"" + Device.Password + "\"}",
                    "{\"email\":" + new string('[', 40) + new string(']', 40) + "}", "{\"x\":" + string.Concat(Enumerable.Repeat("{\"x\":", 5000)),
                    "{\"ticket\":\"a.b.c\",\"verifier\":\"short\"}", "{\"ticket\":\"\",\"verifier\":\"" + new string('A', 43) + "\"}",
                    "{\"email\":\"a@b.test\",\"password\":\"" + Device.Password + "\",\"challenge\":\"" + new string('*', 43) + "\"}",
                })
                    bodies.Add(path, body);
            return bodies;
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_body_that_makes_no_sense_is_refused(string path, string body)
    {
        using var device = new Device(server.Url, IPAddress.Parse("127.0.0.4"));
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await device.Post(path, content)).IsRefused(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_duplicate_member_and_depth_beyond_sixteen_are_refused_where_everything_else_is_right()
    {
        using var device = new Device(server.Url, IPAddress.Parse("127.0.0.4"));
        foreach (var extra in new[] { "\"email\":\"x@y.test\"", "\"Email\":\"x@y.test\"", "\"unknown\":1", "\"deep\":" + new string('[', 17) + new string(']', 17) })
        {
            using var content = new StringContent($$"""{"email":"{{Device.NewEmail()}}","password":"{{Device.Password}}",{{extra}}}""", Encoding.UTF8, "application/json");
            (await device.Post("/api/identity/accounts", content)).IsRefused(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    [Fact]
    public async Task More_than_sixty_four_kibibytes_are_too_large()
    {
        using var device = new Device(server.Url, IPAddress.Parse("127.0.0.4"));
        foreach (var chunked in new[] { false, true })
        {
            using var content = new StringContent("{\"email\":\"" + new string('a', 65 * 1024) + "\"}", Encoding.UTF8, "application/json");
            (await device.Send(HttpMethod.Post, "/api/identity/accounts", content, x => x.Headers.TransferEncodingChunked = chunked))
                .IsRefused(HttpStatusCode.RequestEntityTooLarge, "too-large");
        }
    }
}
