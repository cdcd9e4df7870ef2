using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ovation.Ethereum;

/// <summary>ECDSA on secp256k1 by libsecp256k1 (built with its recovery module, as Debian does). Safe from several threads.</summary>
public static partial class Secp256k1
{
    private const string Library = "libsecp256k1.so.1";
    private const uint SignAndVerify = 0x301;
    private const uint Uncompressed = 0x2;

    // Created once: the library reads a context from any number of threads after it was randomised.
    private static readonly Lazy<nint> SharedContext = new(CreateContext);

    /// <summary>The address whose key signed this digest.</summary>
    /// <exception cref="CryptographicException">No key can have made this signature, or it is not in low-s form.</exception>
    /// <exception cref="DllNotFoundException">The library is not installed; the message says what to install.</exception>
    public static Address Recover(Hash32 digest, Signature signature) =>
        TryRecover(digest, signature, out var signer) ? signer : throw new CryptographicException("The signature is not valid for any key");

    /// <summary>Like <see cref="Recover"/>; false instead of a <see cref="CryptographicException"/>.</summary>
    public static unsafe bool TryRecover(Hash32 digest, Signature signature, out Address signer)
    {
        signer = default;
        if (!signature.IsWellFormed) return false;
        var compact = stackalloc byte[64];
        signature.R.AsSpan().CopyTo(new Span<byte>(compact, 32));
        signature.S.AsSpan().CopyTo(new Span<byte>(compact + 32, 32));
        var message = stackalloc byte[32];
        digest.AsSpan().CopyTo(new Span<byte>(message, 32));
        var parsed = stackalloc byte[65];
        var key = stackalloc byte[64];
        var context = SharedContext.Value;
        if (RecoverableParse(context, parsed, compact, signature.RecoveryId) != 1 || RecoverKey(context, key, parsed, message) != 1) return false;
        signer = Address.FromPublicKey(Serialize(context, key));
        return true;
    }

    internal static unsafe bool IsPrivateKey(ReadOnlySpan<byte> key)
    {
        fixed (byte* secret = key) return key.Length == 32 && VerifyKey(SharedContext.Value, secret) == 1;
    }

    /// <summary>64 bytes, x‖y.</summary>
    internal static unsafe byte[] PublicKey(ReadOnlySpan<byte> privateKey)
    {
        var key = stackalloc byte[64];
        fixed (byte* secret = privateKey)
        {
            if (CreatePublicKey(SharedContext.Value, key, secret) != 1) throw new CryptographicException("Not a private key");
        }

        return Serialize(SharedContext.Value, key)[1..];
    }

    // Deterministic nonces (RFC 6979) and low s are the library's own defaults.
    internal static unsafe Signature Sign(ReadOnlySpan<byte> privateKey, Hash32 digest)
    {
        var message = stackalloc byte[32];
        digest.AsSpan().CopyTo(new Span<byte>(message, 32));
        var signature = stackalloc byte[65];
        var compact = stackalloc byte[64];
        int recoveryId;
        fixed (byte* secret = privateKey)
        {
            if (SignRecoverable(SharedContext.Value, signature, message, secret, 0, 0) != 1) throw new CryptographicException("Signing failed");
        }

        _ = RecoverableSerialize(SharedContext.Value, compact, &recoveryId, signature);
        return Signature.From(Hash32.From(new(compact, 32)), Hash32.From(new(compact + 32, 32)), recoveryId);
    }

    internal static nint Load(string library) =>
        NativeLibrary.TryLoad(library, typeof(Secp256k1).Assembly, null, out var handle)
            ? handle
            : throw new DllNotFoundException("libsecp256k1 is missing; on Debian: apt-get install libsecp256k1-1");

    private static unsafe nint CreateContext()
    {
        Load(Library);
        var context = Create(SignAndVerify);
        var seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(new Span<byte>(seed, 32));
        if (context == 0 || Randomize(context, seed) != 1) throw new CryptographicException("libsecp256k1 gave no context");
        CryptographicOperations.ZeroMemory(new Span<byte>(seed, 32));
        return context;
    }

    private static unsafe byte[] Serialize(nint context, byte* key)
    {
        var output = new byte[65];
        nuint length = 65;
        fixed (byte* start = output) _ = SerializePublicKey(context, start, &length, key, Uncompressed);
        return output;
    }

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    private static partial nint Create(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    private static unsafe partial int Randomize(nint context, byte* seed32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_seckey_verify")]
    private static unsafe partial int VerifyKey(nint context, byte* seckey);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    private static unsafe partial int CreatePublicKey(nint context, byte* pubkey, byte* seckey);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    private static unsafe partial int SerializePublicKey(nint context, byte* output, nuint* outputlen, byte* pubkey, uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    private static unsafe partial int SignRecoverable(nint context, byte* sig, byte* msghash32, byte* seckey, nint noncefp, nint ndata);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    private static unsafe partial int RecoverableSerialize(nint context, byte* output64, int* recid, byte* sig);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    private static unsafe partial int RecoverableParse(nint context, byte* sig, byte* input64, int recid);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recover")]
    private static unsafe partial int RecoverKey(nint context, byte* pubkey, byte* sig, byte* msghash32);
}
