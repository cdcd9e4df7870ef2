using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Ovation.Server.Tests.Gateway;

namespace Ovation.Server.Tests.Identity;

[AnyShape]
public sealed class PasswordTests(RunningServer server)
{
    private static readonly string Challenge = Device.ChallengeOf(Device.NewVerifier());

    private static Task<Answer> Try(Device device, string email, string password) =>
        device.Post("/api/identity/tickets", new { email, password, challenge = Challenge });

    [Theory]
    [InlineData("too-short")]
    [InlineData("Password123")]
    [InlineData("qwerty_uiop")]
    [InlineData("aaaaaaaaaaaa")]
    public async Task A_password_that_is_short_or_that_everybody_uses_is_refused(string password)
    {
        using var device = new Device(server.Url);
        var answer = await device.Post("/api/identity/accounts", new { email = Device.NewEmail(), password });
        answer.IsRefused(HttpStatusCode.BadRequest, "invalid-request");
        var reason = answer.Json.GetProperty("errors").EnumerateObject().Single();
        Assert.Equal("password", reason.Name, ignoreCase: true);
        if (password.Length < 10) Assert.Contains("10", reason.Value[0].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(password, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_may_be_long_but_not_endless_and_not_the_address()
    {
        using var device = new Device(server.Url);
        var long128 = string.Concat(Enumerable.Repeat("ab1-", 32));
        (await device.Post("/api/identity/accounts", new { email = Device.NewEmail(), password = long128 + "x" })).IsRefused(HttpStatusCode.BadRequest, "invalid-request");
        var email = Device.NewEmail();
        (await device.Post("/api/identity/accounts", new { email, password = email.ToUpperInvariant() })).IsRefused(HttpStatusCode.BadRequest, "invalid-request");
        await device.SignUp(email, long128);
        Assert.Equal(HttpStatusCode.OK, (await Try(device, email, long128)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b@c.test")]
    [InlineData("a b@c.test")]
    [InlineData("a@-b.test")]
    [InlineData("a@b.test\n")]
    [InlineData("@b.test")]
    [InlineData("a@")]
    public async Task What_is_no_address_makes_no_account(string email)
    {
        using var device = new Device(server.Url);
        var answer = await device.Post("/api/identity/accounts", new { email = email.EndsWith('\n') ? email + "x" : email, password = Device.Password });
        answer.IsRefused(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal("email", answer.Json.GetProperty("errors").EnumerateObject().Single().Name, ignoreCase: true);
    }

    [Fact]
    public async Task One_mailbox_has_one_account_however_it_is_written()
    {
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        await device.SignUp(email.ToUpperInvariant());
        (await device.Post("/api/identity/accounts", new { email = $" {email} ", password = Device.Password })).IsRefused(HttpStatusCode.Conflict, "email-taken");
        Assert.Equal(HttpStatusCode.OK, (await Try(device, email, Device.Password)).Status);
    }

    [Fact]
    public async Task Of_many_sign_ups_of_one_address_at_once_one_succeeds()
    {
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => device.Post("/api/identity/accounts", new { email, password = Device.Password })));
        Assert.Single(answers, x => x.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(x => x.Status != HttpStatusCode.Created), x => x.IsRefused(HttpStatusCode.Conflict, "email-taken"));
    }

    [Fact]
    public async Task An_unknown_account_and_a_wrong_password_get_the_same_answer()
    {
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        await device.SignUp(email);
        var (wrong, unknown) = (await Try(device, email, Device.Password + "x"), await Try(device, Device.NewEmail(), Device.Password));
        wrong.IsRefused(HttpStatusCode.Unauthorized, "wrong-credentials");
        unknown.IsRefused(HttpStatusCode.Unauthorized, "wrong-credentials");
        static string Same(Answer answer) => answer.Body.Replace(answer.Text("traceId"), "", StringComparison.Ordinal);
        Assert.Equal(Same(wrong), Same(unknown));
        Assert.Equal(wrong.Headers.Keys.Order(), unknown.Headers.Keys.Order());
    }

    [Fact]
    public async Task Guessing_becomes_slow_for_one_account_and_its_owner_gets_in_after_the_wait()
    {
        await using var stepped = await SteppedServer.Start();
        using var guesser = new Device(stepped.Url, IPAddress.Parse("127.0.0.5"));
        using var owner = new Device(stepped.Url);
        var (email, other) = (Device.NewEmail(), Device.NewEmail());
        await owner.SignUp(email);
        await owner.SignUp(other);
        Answer last;
        var tries = 0;
        do last = await Try(guesser, email, $"guess number {tries++}"); while (last.Status == HttpStatusCode.Unauthorized);
        last.IsRefused(HttpStatusCode.TooManyRequests, "too-many-sign-ins");
        Assert.InRange(tries, 5, 12);
        Assert.Equal("1", last.Headers["Retry-After"]);
        (await Try(owner, email, Device.Password)).IsRefused(HttpStatusCode.TooManyRequests, "too-many-sign-ins"); // even the right one
        Assert.Equal(HttpStatusCode.OK, (await Try(guesser, other, Device.Password)).Status); // nobody else waits
        stepped.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Try(guesser, email, "one more")).IsRefused(HttpStatusCode.Unauthorized, "wrong-credentials");
        Assert.Equal("2", (await Try(guesser, email, "and another")).Headers["Retry-After"]);
        stepped.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await Try(owner, email, Device.Password)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Try(owner, email, Device.Password)).Status);
    }

    [Fact]
    public async Task A_hash_of_weaker_days_is_renewed_at_sign_in()
    {
        await using var stepped = await SteppedServer.Start();
        using var device = new Device(stepped.Url);
        var email = Device.NewEmail();
        await device.SignUp(email);
        var weak = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(new object(), Device.Password);
        await stepped.Sql("identity", "UPDATE accounts SET \"PasswordHash\" = $hash", ("$hash", weak));
        Assert.Equal(HttpStatusCode.OK, (await Try(device, email, Device.Password)).Status);
        var renewed = Convert.FromBase64String((string)(await stepped.Sql("identity", "SELECT \"PasswordHash\" FROM accounts"))!);
        Assert.Equal(1, renewed[0]); // the framework's version 3
        Assert.Equal(2u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(renewed.AsSpan(1))); // SHA-512
        Assert.Equal(220_000u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(renewed.AsSpan(5)));
        Assert.Equal(HttpStatusCode.OK, (await Try(device, email, Device.Password)).Status);
    }

    [Fact]
    public async Task Nothing_secret_is_written_to_the_log_or_in_the_clear_to_the_data_directory()
    {
        using var device = new Device(server.Url);
        var (email, password, verifier) = (Device.NewEmail(), "a-password-nobody-else-has-7391", Device.NewVerifier());
        await device.SignUp(email, password);
        var ticket = await device.Ticket(email, verifier, password);
        var bearer = (await device.Post("/api/session", new { ticket, verifier, bearer = true })).Text("token");
        await Try(device, email, password + "-wrong");
        await device.Post("/api/identity/accounts", new { email, password, more = password });
        await device.Post("/api/session", new { ticket, verifier, bearer = true });
        device.Bearer = bearer;
        Assert.True(await device.IsSignedIn());
        device.Bearer = null;
        await device.Look();
        var cookie = device.Cookie!.Split('=')[1];
        foreach (var secret in new[] { password, ticket.Split('.')[2], verifier, bearer, cookie, device.Csrf! })
        {
            Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal);
            foreach (var file in Directory.EnumerateFiles(server.Data, "*.db*", SearchOption.AllDirectories))
                Assert.False(Contains(file, secret), $"{Path.GetFileName(file)} holds a secret");
        }
    }

    private static bool Contains(string file, string secret)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.GetBuffer().AsSpan(0, (int)memory.Length).IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) >= 0;
    }
}
