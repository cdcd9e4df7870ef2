using System.Net.Sockets;
using System.Text;
using Ovation.Client;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests;

/// <summary>A client whose earlier request still holds the upload, as one whose connection has just broken does.</summary>
public sealed class LockedUploadTests(RunningServer server)
{
    private const int Bytes = 1_000_000, Before = 70_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_that_another_request_holds_is_waited_for()
    {
        using var client = new OvationClient(server.Url);
        var email = Device.NewEmail();
        await client.Accounts.Create(email, Device.Password, Cancel);
        client.Token = (await client.Sessions.SignIn(email, Device.Password, cancel: Cancel)).Token;
        var upload = await client.Uploads.Create(Bytes, "held.wav", Cancel);
        using var file = new MemoryStream(new byte[Bytes], writable: false);
        Task sending;
        using (await Hold(client, upload))
        {
            sending = client.Uploads.Send(upload, file, cancel: Cancel);
            Assert.NotSame(sending, await Task.WhenAny(sending, Task.Delay(300, Cancel))); // it has been told so by now, and has not given up
        }
        await sending;
        Assert.Equal(Bytes, await client.Uploads.Offset(upload, Cancel));
    }

    // A PATCH whose body does not end. Asking for the offset holds an upload for a moment too, so it may meet the question and be refused itself.
    private async Task<TcpClient> Hold(OvationClient client, Upload upload)
    {
        var at = 0L;
        for (var tries = 0; tries < 20; tries++)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(server.Url.Host, server.Url.Port, Cancel);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PATCH {upload.Path} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer {client.Token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {at}\r\n" +
                $"Content-Type: application/offset+octet-stream\r\nContent-Length: {Bytes - at}\r\n\r\n"), Cancel);
            await socket.GetStream().WriteAsync(new byte[Before], Cancel);
            await Task.Delay(200, Cancel);
            try { at = await client.Uploads.Offset(upload, Cancel) ?? 0; }
            catch (RefusedException held) when (held.Problem.Status == 423) { return socket; }
            socket.Dispose();
        }
        throw new InvalidOperationException("The upload could not be held.");
    }
}
