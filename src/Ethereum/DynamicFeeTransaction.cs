using System.Numerics;

namespace Ovation.Ethereum;

/// <summary>
/// A transaction of type 2 (EIP-1559). Access lists are always empty: nothing here needs them, and one that is not empty is refused when decoding.
/// </summary>
public sealed record DynamicFeeTransaction
{
    private const byte Type = 2;

    /// <summary>The chain (EIP-155).</summary>
    public required long ChainId { get; init; }

    /// <summary>How many transactions the sender had sent before.</summary>
    public required long Nonce { get; init; }

    /// <summary>Wei per gas for the block's producer.</summary>
    public required BigInteger MaxPriorityFeePerGas { get; init; }

    /// <summary>Wei per gas in all, base fee included.</summary>
    public required BigInteger MaxFeePerGas { get; init; }

    /// <summary>Gas at most.</summary>
    public required long GasLimit { get; init; }

    /// <summary>The callee; null creates a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Wei sent along.</summary>
    public BigInteger Value { get; init; }

    /// <summary>Calldata, or code and arguments of a contract's constructor.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>Keccak-256 of the type and the fields without a signature.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public Hash32 SigningHash() => Keccak256.Hash(Encode(Fields()));

    /// <summary>Signs it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public SignedTransaction Sign(PrivateKey key)
    {
        var signature = key.Sign(SigningHash());
        var raw = Encode([
            .. Fields(),
            RlpItem.Of(signature.RecoveryId),
            RlpItem.Of(new BigInteger(signature.R.AsSpan(), isUnsigned: true, isBigEndian: true)),
            RlpItem.Of(new BigInteger(signature.S.AsSpan(), isUnsigned: true, isBigEndian: true))]);
        return new(raw, Keccak256.Hash(raw), this, key.Address, signature);
    }

    /// <summary>Reads a raw signed transaction of type 2 and recovers who sent it.</summary>
    /// <exception cref="RlpException">It is not one, has an access list, or is not canonical.</exception>
    /// <exception cref="FormatException">The signature is out of range or its s is high.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">No key made the signature.</exception>
    public static SignedTransaction Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || raw[0] != Type) throw new RlpException("Not a transaction of type 2");
        if (Rlp.Decode(raw[1..]).Items is not { Count: 12 } fields) throw new RlpException("A signed transaction of type 2 has 12 fields");
        if (fields[8].Items.Count != 0) throw new RlpException("Access lists are not supported");
        if (fields[5].Bytes.Length is not (0 or Address.Length)) throw new RlpException("An address is 20 bytes");
        var transaction = new DynamicFeeTransaction
        {
            ChainId = Number(fields[0]),
            Nonce = Number(fields[1]),
            MaxPriorityFeePerGas = fields[2].ToInteger(),
            MaxFeePerGas = fields[3].ToInteger(),
            GasLimit = Number(fields[4]),
            To = fields[5].Bytes.Length == 0 ? null : Address.From(fields[5].Bytes),
            Value = fields[6].ToInteger(),
            Data = fields[7].Bytes,
        };
        var signature = Signature.From(Word(fields[10]), Word(fields[11]), (int)BigInteger.Min(fields[9].ToInteger(), 2));
        return new(raw.ToArray(), Keccak256.Hash(raw), transaction, Secp256k1.Recover(transaction.SigningHash(), signature), signature);
    }

    private RlpItem[] Fields() =>
    [
        RlpItem.Of(ChainId), RlpItem.Of(Nonce), RlpItem.Of(MaxPriorityFeePerGas), RlpItem.Of(MaxFeePerGas), RlpItem.Of(GasLimit),
        RlpItem.Of(To is { } to ? to.AsSpan() : []), RlpItem.Of(Value), RlpItem.Of(Data), RlpItem.List(),
    ];

    private static byte[] Encode(RlpItem[] fields) => [Type, .. Rlp.Encode(RlpItem.List(fields))];

    private static long Number(RlpItem item) =>
        item.ToInteger() is var number && number <= long.MaxValue ? (long)number : throw new RlpException("A number is beyond 63 bits");

    private static Hash32 Word(RlpItem item)
    {
        var word = new byte[Hash32.Length];
        item.ToInteger().TryWriteBytes(word.AsSpan(Hash32.Length - item.Bytes.Length), out _, isUnsigned: true, isBigEndian: true);
        return Hash32.From(word);
    }
}

/// <summary>A transaction that can be sent.</summary>
/// <param name="Raw">What eth_sendRawTransaction takes.</param>
/// <param name="Hash">Its id, Keccak-256 of <paramref name="Raw"/>.</param>
/// <param name="Transaction">What it says.</param>
/// <param name="Sender">Who signed it.</param>
/// <param name="Signature">The signature; its recovery id is the yParity.</param>
public sealed record SignedTransaction(byte[] Raw, Hash32 Hash, DynamicFeeTransaction Transaction, Address Sender, Signature Signature);
