using System.Numerics;
using System.Text.Json;

namespace Ovation.Ethereum.Tests;

public class TransactionTests
{
    private static readonly PrivateKey Key = PrivateKey.Parse("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318");

    private static readonly DynamicFeeTransaction Transfer = new()
    {
        ChainId = 31337,
        Nonce = 5,
        MaxPriorityFeePerGas = 1_000_000_000,
        MaxFeePerGas = 30_000_000_000,
        GasLimit = 21000,
        To = Address.Parse("0x000000000000000000000000000000000000dEaD"),
        Value = 1,
        Data = AbiFunction.Parse("f(uint256)").Encode(7),
    };

    private static string Mktx(DynamicFeeTransaction t) => Foundry.Cast([
        "mktx", "--private-key", Key.ExportHex(), "--chain", $"{t.ChainId}", "--nonce", $"{t.Nonce}", "--gas-limit", $"{t.GasLimit}",
        "--gas-price", $"{t.MaxFeePerGas}", "--priority-gas-price", $"{t.MaxPriorityFeePerGas}", "--value", $"{t.Value}",
        .. t.To is { } to ? new[] { to.ToString(), Hex.Encode(t.Data) } : ["--create", Hex.Encode(t.Data)]]);

    [Fact]
    public void A_signed_transaction_is_byte_for_byte_what_cast_makes()
    {
        var samples = new Samples(1559);
        DynamicFeeTransaction[] all =
        [
            Transfer,
            Transfer with { Nonce = 0, MaxPriorityFeePerGas = 0, Value = 0, Data = [] },
            Transfer with { To = null, Data = samples.Bytes(300), GasLimit = 3_000_000 },
            Transfer with { ChainId = 8453, Nonce = 70_000, Value = BigInteger.Pow(10, 20), Data = samples.Bytes(60) },
        ];
        Assert.All(all, transaction =>
        {
            var signed = transaction.Sign(Key);
            Assert.Equal(Mktx(transaction), Hex.Encode(signed.Raw));
            var decoded = DynamicFeeTransaction.Decode(signed.Raw);
            Assert.Equal(Key.Address, decoded.Sender);
            Assert.Equal(signed.Hash, decoded.Hash);
            Assert.Equal(signed.Signature, decoded.Signature);
            Assert.Equal(transaction with { Data = [] }, decoded.Transaction with { Data = [] });
            Assert.Equal(transaction.Data, decoded.Transaction.Data);
        });
    }

    [Fact]
    public void Published_transactions_are_signed_and_read_as_published() => Assert.All(Vectors.Of("transactions"), vector =>
    {
        var tx = vector.GetProperty("tx");
        BigInteger Number(string name) => tx.TryGetProperty(name, out var field)
            ? Hex.ParseQuantity(field.ValueKind == JsonValueKind.Number ? Hex.Quantity(field.GetInt64()) : field.GetString())
            : 0;
        var transaction = new DynamicFeeTransaction
        {
            ChainId = (long)Number("chainId"),
            Nonce = (long)Number("nonce"),
            MaxPriorityFeePerGas = Number("maxPriorityFeePerGas"),
            MaxFeePerGas = Number("maxFeePerGas"),
            GasLimit = (long)Number("gasLimit"),
            To = tx.TryGetProperty("to", out var to) ? Address.Parse(to.GetString()!) : null,
            Value = Number("value"),
            Data = tx.TryGetProperty("data", out var data) ? Hex.Decode(data.GetString()!) : [],
        };
        var signed = transaction.Sign(PrivateKey.Parse(vector.Text("key")));
        Assert.Equal(Keccak256.Hash(vector.Bytes("unsigned")), transaction.SigningHash());
        Assert.Equal(vector.Text("signed"), Hex.Encode(signed.Raw));
        Assert.Equal(vector.Text("address"), DynamicFeeTransaction.Decode(signed.Raw).Sender.ToString(), ignoreCase: true);
    });

    [Fact]
    public void Published_transactions_with_an_access_list_or_of_another_type_are_refused() =>
        Assert.All(Vectors.Of("transactions-refused"), raw => Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(Hex.Decode(raw.GetString()!))));

    [Fact]
    public void Published_legacy_transactions_of_eip_155_are_signed_as_published() => Assert.All(Vectors.Of("transactions-legacy"), vector =>
    {
        const int chain = 5;
        var unsigned = Rlp.Decode(vector.Bytes("unsigned")).Items;
        var digest = Keccak256.Hash(vector.Bytes("unsigned"));
        var signature = PrivateKey.Parse(vector.Text("key")).Sign(digest);
        var signed = RlpItem.List([
            .. unsigned.Take(6),
            RlpItem.Of(35 + 2 * chain + signature.RecoveryId),
            RlpItem.Of(new BigInteger(signature.R.AsSpan(), isUnsigned: true, isBigEndian: true)),
            RlpItem.Of(new BigInteger(signature.S.AsSpan(), isUnsigned: true, isBigEndian: true))]);
        Assert.Equal(vector.Text("signed"), Hex.Encode(Rlp.Encode(signed)));
        Assert.Equal(vector.Text("address"), Secp256k1.Recover(digest, signature).ToString(), ignoreCase: true);
    });

    private static byte[] Altered(Action<RlpItem[]> alter, int fields = 12)
    {
        var items = Rlp.Decode(Transfer.Sign(Key).Raw.AsSpan(1)).Items.Take(fields).ToArray();
        alter(items);
        return [2, .. Rlp.Encode(RlpItem.List(items))];
    }

    [Fact]
    public void What_is_not_a_transaction_of_type_2_is_refused()
    {
        var raw = Transfer.Sign(Key).Raw;
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode([]));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode([1, .. raw.AsSpan(1)]));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode([.. raw, 0]));
        for (var length = 1; length < raw.Length; length++) Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(raw.AsSpan(0, length)));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(Altered(_ => { }, fields: 9)));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(Altered(f => f[8] = RlpItem.List(RlpItem.List()))));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(Altered(f => f[8] = RlpItem.Of([]))));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(Altered(f => f[5] = RlpItem.Of(new byte[19]))));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(Altered(f => f[1] = RlpItem.Of(BigInteger.One << 63))));
        Assert.Throws<RlpException>(() => DynamicFeeTransaction.Decode(Altered(f => f[1] = RlpItem.Of([0, 1]))));
        Assert.Throws<FormatException>(() => DynamicFeeTransaction.Decode(Altered(f => f[9] = RlpItem.Of(2))));
        var order = Hex.ParseQuantity("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        Assert.Throws<FormatException>(() => DynamicFeeTransaction.Decode(Altered(f => f[11] = RlpItem.Of(order - f[11].ToInteger()))));
    }

    [Fact]
    public void A_changed_field_has_another_sender() =>
        Assert.NotEqual(Key.Address, DynamicFeeTransaction.Decode(Altered(f => f[6] = RlpItem.Of(2))).Sender);

    [Fact]
    public void A_negative_number_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => (Transfer with { Value = -1 }).Sign(Key));
}
