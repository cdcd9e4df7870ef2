using System.Net;

namespace Ovation.Server.Tests.Media;

[Collection("media")]
public sealed class FileUploadTests(MediaServer server) : UploadTests(server)
{
    private protected override Task<bool> IsStaged(Guid upload) => Task.FromResult(File.Exists(Path.Combine(Server.Settings.Data, "uploads", upload.ToString("N"))));

    [Fact]
    public async Task A_full_disk_is_507()
    {
        using var http = Server.Client(Account);
        var upload = await Announced(http, 200_000);
        var file = Path.Combine(Server.Settings.Data, "uploads", IdOf(upload).ToString("N"));
        File.CreateSymbolicLink(file, "/dev/full");
        using var answer = await http.Append(upload, 0, new byte[200_000]);
        Assert.Equal(507, (int)answer.StatusCode);
        File.Delete(file);
        using var again = await http.Append(upload, 0, new byte[200_000]);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }
}
