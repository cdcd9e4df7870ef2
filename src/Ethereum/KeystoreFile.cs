using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ovation.Ethereum;

/// <summary>How a keystore makes 32 bytes out of a password.</summary>
internal abstract record KeystoreKdf
{
    internal const int KeyBytes = 32;

    internal abstract byte[] Derive(ReadOnlySpan<byte> password);
}

internal sealed record ScryptKdf(int N, int R, int P, byte[] Salt) : KeystoreKdf
{
    internal override byte[] Derive(ReadOnlySpan<byte> password) => Scrypt.Derive(password, Salt, N, R, P, KeyBytes);
}

internal sealed record Pbkdf2Kdf(int C, byte[] Salt) : KeystoreKdf
{
    internal override byte[] Derive(ReadOnlySpan<byte> password) => Rfc2898DeriveBytes.Pbkdf2(password, Salt, C, HashAlgorithmName.SHA256, KeyBytes);
}

/// <summary>What stands in a keystore of version 3. Parsing checks everything that needs no password.</summary>
internal sealed record KeystoreFile(Address? Address, KeystoreKdf Kdf, byte[] Iv, byte[] Ciphertext, byte[] Mac)
{
    internal const int SecretBytes = 32;

    // Twice the memory and four times the work of what wallets write.
    private const long MaxScryptMemory = 512L << 20;
    private const long MaxScryptWork = 1L << 23;
    private const int MaxPbkdf2Iterations = 1 << 23;

    /// <exception cref="FormatException">It is not such a file. The message names what is wrong.</exception>
    internal static KeystoreFile Parse(string json)
    {
        if (json.Length > Keystore.MaxLength) throw new FormatException($"A keystore is no file of {json.Length} characters");
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 16, AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (Number(root, "version") != 3) throw new FormatException("Only keystores of version 3 are read");
            // geth once wrote "Crypto", and ethers.js still does.
            var crypto = Member(root, root.TryGetProperty("Crypto", out _) ? "Crypto" : "crypto");
            if (Text(crypto, "cipher") != "aes-128-ctr") throw new FormatException("The cipher must be aes-128-ctr");
            return new(
                root.TryGetProperty("address", out var address) && address.ValueKind != JsonValueKind.Null ? Account(address.GetString()!) : null,
                ReadKdf(crypto),
                Bytes(Member(crypto, "cipherparams"), "iv", 16),
                Bytes(crypto, "ciphertext", SecretBytes),
                Bytes(crypto, "mac", 32));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Not a keystore: {wrong.Message}", wrong);
        }
    }

    /// <exception cref="InvalidOperationException">The key is derived by PBKDF2, which is only read.</exception>
    internal string ToJson()
    {
        if (Kdf is not ScryptKdf scrypt) throw new InvalidOperationException("Only scrypt is written");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            if (Address is { } address) json.WriteString("address", Convert.ToHexStringLower(address.AsSpan()));
            json.WriteStartObject("crypto");
            json.WriteString("cipher", "aes-128-ctr");
            json.WriteStartObject("cipherparams");
            json.WriteString("iv", Convert.ToHexStringLower(Iv));
            json.WriteEndObject();
            json.WriteString("ciphertext", Convert.ToHexStringLower(Ciphertext));
            json.WriteString("kdf", "scrypt");
            json.WriteStartObject("kdfparams");
            json.WriteNumber("dklen", KeystoreKdf.KeyBytes);
            json.WriteNumber("n", scrypt.N);
            json.WriteNumber("p", scrypt.P);
            json.WriteNumber("r", scrypt.R);
            json.WriteString("salt", Convert.ToHexStringLower(scrypt.Salt));
            json.WriteEndObject();
            json.WriteString("mac", Convert.ToHexStringLower(Mac));
            json.WriteEndObject();
            json.WriteString("id", Guid.CreateVersion7());
            json.WriteNumber("version", 3);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static KeystoreKdf ReadKdf(JsonElement crypto)
    {
        var parameters = Member(crypto, "kdfparams");
        if (Number(parameters, "dklen") != KeystoreKdf.KeyBytes) throw new FormatException($"dklen must be {KeystoreKdf.KeyBytes}");
        var salt = Bytes(parameters, "salt");
        switch (Text(crypto, "kdf"))
        {
            case "scrypt":
                var (n, r, p) = (Number(parameters, "n"), Number(parameters, "r"), Number(parameters, "p"));
                if (n < 2 || !int.IsPow2(n)) throw new FormatException("scrypt's n must be a power of two above 1");
                if (128m * r * ((decimal)n + p + 2) > MaxScryptMemory || (decimal)n * r * p > MaxScryptWork)
                    throw new FormatException($"scrypt with n = {n}, r = {r}, p = {p} asks for more memory or work than is given to a keystore");
                return new ScryptKdf(n, r, p, salt);
            case "pbkdf2":
                if (Text(parameters, "prf") != "hmac-sha256") throw new FormatException("pbkdf2's prf must be hmac-sha256");
                var c = Number(parameters, "c");
                return c <= MaxPbkdf2Iterations ? new Pbkdf2Kdf(c, salt) : throw new FormatException($"pbkdf2 with c = {c} asks for more work than is given to a keystore");
            default:
                throw new FormatException("kdf must be scrypt or pbkdf2");
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) ? member : throw new FormatException($"Not a keystore: \"{name}\" is missing");

    private static string Text(JsonElement parent, string name) => Member(parent, name).GetString() ?? throw new FormatException($"\"{name}\" is null");

    private static int Number(JsonElement parent, string name) =>
        Member(parent, name).TryGetInt32(out var number) && number > 0 ? number : throw new FormatException($"\"{name}\" must be a whole number from 1 to {int.MaxValue}");

    private static byte[] Bytes(JsonElement parent, string name, int? length = null)
    {
        if (Hex.TryDecode("0x" + Text(parent, name), out var bytes) && (length is null || bytes.Length == length)) return bytes;
        throw new FormatException($"\"{name}\" must be {length?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "some"} bytes in hexadecimal digits");
    }

    private static Address Account(string text)
    {
        var prefixed = text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text;
        return Hex.TryDecode(prefixed, out var bytes) && bytes.Length == Ethereum.Address.Length
            ? Ethereum.Address.From(bytes)
            : throw new FormatException("\"address\" must be 20 bytes in hexadecimal digits");
    }
}
