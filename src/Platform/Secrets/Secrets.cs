using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Ovation.Platform;

/// <summary>
/// The keys that processes of one installation share: files in a 0700 directory, each made at first use with mode 0600. There is
/// no default key; a file that cannot be read stops the start.
/// </summary>
public sealed partial class Secrets(Settings settings)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Random bytes kept under a name.</summary>
    public byte[] Bytes(string name, int length)
    {
        var bytes = Convert.FromHexString(Text(name, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(length))));
        return bytes.Length == length ? bytes : throw new CryptographicException($"The key file “{name}” does not hold {length} bytes");
    }

    /// <summary>A P-256 key pair kept under a name.</summary>
    public ECDsa Es256(string name)
    {
        var pem = Text(name + ".pem", () =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return made.ExportPkcs8PrivateKeyPem();
        });
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }

    /// <summary>
    /// This installation, 32 hex digits made at first start: names the session cookie (cookies ignore ports) and is the audience of
    /// tickets, so nothing made for one installation is taken by another.
    /// </summary>
    public string Instance => Text("instance", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    /// <summary>A text kept under a name, made by <paramref name="make"/> the first time; of several makers one wins.</summary>
    public string Text(string name, Func<string> make)
    {
        if (!FileName().IsMatch(name)) throw new ArgumentException("Not a key's name", nameof(name));
        Directory.CreateDirectory(settings.Secrets, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(settings.Secrets, name);
        if (!File.Exists(path))
        {
            var temporary = Path.Combine(settings.Secrets, $".{name}.{Guid.CreateVersion7():N}");
            using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(make()));
                file.Flush(flushToDisk: true);
            }
            try { File.Move(temporary, path, overwrite: false); }
            catch (IOException) when (File.Exists(path)) { File.Delete(temporary); }
        }
        return File.ReadAllText(path).Trim();
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{0,60}$", RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
