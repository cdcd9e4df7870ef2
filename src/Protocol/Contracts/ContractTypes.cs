using System.Numerics;
using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>A question to a contract and how its answer reads: data to send with eth_call, and the typed result.</summary>
public sealed class ContractView<T>
{
    private readonly AbiFunction _function;
    private readonly object?[] _args;
    private readonly Func<AbiValues, T> _read;

    internal ContractView(AbiFunction function, Func<AbiValues, T> read, params object?[] args) =>
        (_function, _read, _args) = (function, read, args);

    /// <summary>Calldata.</summary>
    public byte[] Encode() => _function.Encode(_args);

    /// <summary>Reads what the call returned.</summary>
    /// <exception cref="AbiException">It is not this function's result: another contract, or none, at that address.</exception>
    public T Decode(ReadOnlySpan<byte> result) => _read(_function.DecodeResult(result));
}

/// <summary>Between Protocol's values and Ethereum's.</summary>
public static class ContractTypes
{
    /// <summary>The same 32 bytes.</summary>
    public static Hash32 ToHash32(this Hash hash) => Hash32.From(hash.ToBytes());

    /// <summary>The same 32 bytes.</summary>
    public static Hash ToHash(this Hash32 hash) => new(hash.AsSpan());

    internal static Hash Hash(this AbiValues values, string name) => values.Get<Hash32>(name).ToHash();

    internal static object?[] ToAbi(this TabTerms terms) =>
        [Address.Parse(terms.Listener), terms.Qx.ToHash32(), terms.Qy.ToHash32(), Address.Parse(terms.Cashier), terms.FeeBps, terms.Salt.ToHash32()];

    internal static ContractView<Address> ViewAddress(AbiFunction function, params object?[] args) => new(function, r => r.Get<Address>(0), args);

    internal static ContractView<long> ViewLong(AbiFunction function, params object?[] args) => new(function, r => r.Get<long>(0), args);

    internal static ContractView<uint> ViewUInt(AbiFunction function, params object?[] args) => new(function, r => r.Get<uint>(0), args);

    internal static ContractView<bool> ViewBool(AbiFunction function, params object?[] args) => new(function, r => r.Get<bool>(0), args);

    internal static ContractView<Hash> ViewHash(AbiFunction function, params object?[] args) => new(function, r => r.Get<Hash32>(0).ToHash(), args);

    internal static ContractView<BigInteger> ViewNumber(AbiFunction function, params object?[] args) => new(function, r => r.Get<BigInteger>(0), args);
}
