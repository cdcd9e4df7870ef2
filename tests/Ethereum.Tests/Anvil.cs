using System.Diagnostics;

namespace Ovation.Ethereum.Tests;

/// <summary>A real node on a port of its own, for the tests of one class.</summary>
public sealed class Anvil : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private Process? process;

    internal EthereumNode Node { get; private set; } = null!;

    internal PrivateKey Key { get; } = PrivateKey.Generate();

    public async ValueTask InitializeAsync()
    {
        string[] arguments = ["--host", "127.0.0.1", "--port", "0", "--chain-id", "712", "--accounts", "1", "--mnemonic-random", "--threads", "1"];
        process = Process.Start(new ProcessStartInfo(Foundry.Path("anvil"), arguments) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("Listening on ", StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.ReadToEndAsync(); // A full pipe would stop it.
            Node = new(http, new("http://" + line["Listening on ".Length..]));
            await Node.Request<object>("anvil_setBalance", [Key.Address, "0xde0b6b3a7640000000"]);
            return;
        }

        throw new InvalidOperationException("anvil ended before it listened");
    }

    /// <summary>Signs with the funded key, sends and waits for the receipt.</summary>
    internal async Task<TransactionReceipt> Send(Address? to, byte[] data, long gas = 1_000_000)
    {
        var transaction = new DynamicFeeTransaction
        {
            ChainId = 712,
            Nonce = await Node.TransactionCount(Key.Address, BlockTag.Pending),
            MaxPriorityFeePerGas = await Node.MaxPriorityFeePerGas(),
            MaxFeePerGas = 100_000_000_000,
            GasLimit = gas,
            To = to,
            Data = data,
        };
        var signed = transaction.Sign(Key);
        Assert.Equal(SendOutcome.Accepted, await Node.SendRawTransaction(signed.Raw));
        return await Mined(signed.Hash);
    }

    /// <summary>Anvil answers before it has mined.</summary>
    internal async Task<TransactionReceipt> Mined(Hash32 transaction)
    {
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < TimeSpan.FromSeconds(10); await Task.Yield())
        {
            if (await Node.TransactionReceipt(transaction) is { } receipt) return receipt;
        }

        throw new TimeoutException("Not mined");
    }

    /// <summary>Deploys runtime code of at most 255 bytes as it is.</summary>
    internal async Task<Address> Deploy(string runtime)
    {
        var code = Hex.Decode(runtime);
        var receipt = await Send(null, [0x60, (byte)code.Length, 0x60, 0x0c, 0x60, 0, 0x39, 0x60, (byte)code.Length, 0x60, 0, 0xf3, .. code]);
        Assert.True(receipt.Succeeded);
        Assert.Null(receipt.To);
        return receipt.ContractAddress!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        process?.Kill();
        if (process is not null) await process.WaitForExitAsync();
        process?.Dispose();
        http.Dispose();
    }
}
