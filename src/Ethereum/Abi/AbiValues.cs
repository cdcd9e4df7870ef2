using System.Collections;
using System.Numerics;

namespace Ovation.Ethereum;

/// <summary>Decoded values, by position and by name.</summary>
public sealed class AbiValues : IReadOnlyList<object>
{
    private readonly IReadOnlyList<AbiParameter> parameters;
    private readonly object[] values;

    internal AbiValues(IReadOnlyList<AbiParameter> parameters, object[] values) => (this.parameters, this.values) = (parameters, values);

    /// <summary>How many there are.</summary>
    public int Count => values.Length;

    /// <summary>The value at a position.</summary>
    public object this[int index] => values[index];

    /// <summary>The value of a name.</summary>
    /// <exception cref="AbiException">No parameter has this name.</exception>
    public object this[string name]
    {
        get
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (parameters[i].Name == name) return values[i];
            }

            throw new AbiException($"No value is named '{name}'");
        }
    }

    /// <summary>The value at a position as <typeparamref name="T"/>; see <see cref="Abi.Value{T}"/>.</summary>
    /// <exception cref="AbiException">It is of another type, or an integer that does not fit.</exception>
    public T Get<T>(int index) => Abi.Value<T>(values[index]);

    /// <summary>The value of a name as <typeparamref name="T"/>; see <see cref="Abi.Value{T}"/>.</summary>
    /// <exception cref="AbiException">There is none, it is of another type, or an integer that does not fit.</exception>
    public T Get<T>(string name) => Abi.Value<T>(this[name]);

    public IEnumerator<object> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Plain values: Solidity's abi.encode and abi.decode.</summary>
public static class Abi
{
    /// <summary>abi.encode of these values: <c>Abi.Encode(["string", "uint256"], ["open", chainId])</c>.</summary>
    /// <exception cref="AbiException">A type is unknown, or a value does not fit its type.</exception>
    public static byte[] Encode(IReadOnlyList<string> types, IReadOnlyList<object?> values) => AbiEncoder.Encode(Parameters(types), values);

    /// <summary>abi.decode, strict: see <see cref="AbiFunction.Decode"/>.</summary>
    /// <exception cref="AbiException">A type is unknown, or the data is not the encoding of such values.</exception>
    public static AbiValues Decode(IReadOnlyList<string> types, ReadOnlySpan<byte> data)
    {
        var parameters = Parameters(types);
        return new(parameters, AbiDecoder.Decode(parameters, data));
    }

    /// <summary>A decoded value as <typeparamref name="T"/>. Any integer is also given as int, uint, long, ulong or BigInteger when it fits.</summary>
    /// <exception cref="AbiException">It is of another type, or an integer that does not fit.</exception>
    public static T Value<T>(object value)
    {
        if (value is T same) return same;
        if (AbiNumber.TryRead(value, out var n))
        {
            object? number = default(T) switch
            {
                BigInteger => n,
                long when n >= long.MinValue && n <= long.MaxValue => (long)n,
                ulong when n.Sign >= 0 && n <= ulong.MaxValue => (ulong)n,
                int when n >= int.MinValue && n <= int.MaxValue => (int)n,
                uint when n.Sign >= 0 && n <= uint.MaxValue => (uint)n,
                _ => null,
            };
            if (number is T fits) return fits;
        }

        throw new AbiException($"{(value is BigInteger or ulong or long ? value : value.GetType().Name)} is not a {typeof(T).Name}");
    }

    private static AbiParameter[] Parameters(IReadOnlyList<string> types) => [.. types.Select(t => new AbiParameter(AbiType.Parse(t), ""))];
}
