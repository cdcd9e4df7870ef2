using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ovation.Ethereum;

namespace Ovation.Benchmarks.Signatures;

/// <summary>The address behind a signature, against the bare library finding the public key: ours also checks the form and hashes the key.</summary>
internal static partial class RecoverBenchmark
{
    private const string Library = "libsecp256k1.so.1";
    private const int Signatures = 64;

    public static Comparison Make()
    {
        var keys = Enumerable.Range(0, Signatures).Select(_ => PrivateKey.Generate()).ToArray();
        var digests = keys.Select(_ => Hash32.From(RandomNumberGenerator.GetBytes(Hash32.Length))).ToArray();
        var signatures = keys.Select((k, i) => k.Sign(digests[i])).ToArray();
        var signers = keys.Select(k => k.Address).ToArray();
        var compact = signatures.Select(s => s.ToBytes65()).ToArray();
        var hashes = digests.Select(d => d.ToArray()).ToArray();
        var context = Create(0x301);
        return new(
            "secp256k1 recover",
            "libsecp256k1, public key only",
            0.9,
            count =>
            {
                for (var i = 0; i < count; i++)
                {
                    var n = i % Signatures;
                    if (!Secp256k1.TryRecover(digests[n], signatures[n], out var signer) || signer != signers[n]) throw new InvalidOperationException("Another signer was recovered");
                }
            },
            count =>
            {
                for (var i = 0; i < count; i++)
                {
                    var n = i % Signatures;
                    if (!Recover(context, hashes[n], compact[n])) throw new InvalidOperationException("The library recovered nobody");
                }
            });
    }

    private static unsafe bool Recover(nint context, byte[] hash, byte[] signature)
    {
        var parsed = stackalloc byte[65];
        var key = stackalloc byte[64];
        fixed (byte* message = hash, input = signature)
            return Parse(context, parsed, input, signature[64] - 27) == 1 && Recover(context, key, parsed, message) == 1;
    }

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    private static partial nint Create(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact")]
    private static unsafe partial int Parse(nint context, byte* sig, byte* input64, int recid);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recover")]
    private static unsafe partial int Recover(nint context, byte* pubkey, byte* sig, byte* msghash32);
}
