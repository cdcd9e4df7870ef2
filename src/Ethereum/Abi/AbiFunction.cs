namespace Ovation.Ethereum;

/// <summary>A function of a contract (contract ABI specification, "Function Selector and Argument Encoding").</summary>
public sealed class AbiFunction
{
    private static readonly string[] Modifiers = ["external", "public", "view", "pure", "payable", "nonpayable", "virtual", "override"];

    internal AbiFunction(string name, IReadOnlyList<AbiParameter> inputs, IReadOnlyList<AbiParameter> outputs)
    {
        (Name, Inputs, Outputs) = (name, inputs, outputs);
        Signature = name + AbiType.Signature(inputs);
        Declaration = $"function {Signature}" + (outputs.Count == 0 ? "" : $" returns {AbiType.Signature(outputs)}");
        Selector = Keccak256.Hash(Signature).AsSpan()[..4].ToArray();
    }

    /// <summary>The name alone.</summary>
    public string Name { get; }

    /// <summary>Parameters in order.</summary>
    public IReadOnlyList<AbiParameter> Inputs { get; }

    /// <summary>Results in order.</summary>
    public IReadOnlyList<AbiParameter> Outputs { get; }

    /// <summary>Name and canonical parameter types: "transfer(address,uint256)".</summary>
    public string Signature { get; }

    /// <summary>"function", signature and result types, without names: what two descriptions of one function agree on.</summary>
    public string Declaration { get; }

    /// <summary>The first four bytes of the signature's Keccak-256.</summary>
    public ReadOnlyMemory<byte> Selector { get; }

    /// <summary>Reads "function name(type name, …) view returns (type, …)" as Solidity writes it, structs as tuples; the word "function" may be missing.</summary>
    /// <exception cref="AbiException">It is not such a declaration.</exception>
    public static AbiFunction Parse(string declaration)
    {
        var reader = new AbiReader(declaration);
        var name = reader.Name("function");
        var inputs = reader.Parameters();
        IReadOnlyList<AbiParameter> outputs = [];
        while (AbiReader.IsWord(reader.Peek()))
        {
            var word = reader.Word();
            if (word == "returns")
            {
                outputs = reader.Parameters();
                break;
            }

            if (!Modifiers.Contains(word)) throw reader.Wrong($"'{word}' is not expected here");
        }

        reader.End();
        return new(name, inputs, outputs);
    }

    /// <summary>Calldata: selector and arguments. A single argument that is an array must be wrapped: <c>Encode([songs])</c>.</summary>
    /// <exception cref="AbiException">An argument does not fit its type; the message names it.</exception>
    public byte[] Encode(params object?[] args) => AbiEncoder.Encode(Inputs, args, Selector.Span);

    /// <summary>The arguments in calldata. Strict: exactly what <see cref="Encode"/> would give for them, nothing before, between or after.</summary>
    /// <exception cref="AbiException">Another function is called, or the data is not canonical.</exception>
    public AbiValues Decode(ReadOnlySpan<byte> calldata) =>
        calldata.StartsWith(Selector.Span)
            ? new(Inputs, AbiDecoder.Decode(Inputs, calldata[4..]))
            : throw new AbiException($"Not a call of {Signature}");

    /// <summary>What a call returned. An address without code returns nothing, which is refused here when there are results.</summary>
    /// <exception cref="AbiException">The data is not the encoding of the results.</exception>
    public AbiValues DecodeResult(ReadOnlySpan<byte> data) =>
        data.IsEmpty && Outputs.Count > 0
            ? throw new AbiException($"{Signature} returned nothing: no contract at this address, or not this one")
            : new(Outputs, AbiDecoder.Decode(Outputs, data));

    public override string ToString() => Declaration;
}

/// <summary>A contract's constructor: its arguments follow the bytecode.</summary>
public sealed class AbiConstructor
{
    internal AbiConstructor(IReadOnlyList<AbiParameter> inputs) => Inputs = inputs;

    /// <summary>Parameters in order.</summary>
    public IReadOnlyList<AbiParameter> Inputs { get; }

    /// <summary>"constructor" and the parameter types.</summary>
    public string Declaration => "constructor" + AbiType.Signature(Inputs);

    /// <summary>Reads "constructor(type name, …)".</summary>
    /// <exception cref="AbiException">It is not such a declaration.</exception>
    public static AbiConstructor Parse(string declaration)
    {
        var reader = new AbiReader(declaration);
        if (reader.Word() != "constructor") throw reader.Wrong("expected 'constructor'");
        var inputs = reader.Parameters();
        while (AbiReader.IsWord(reader.Peek()))
        {
            if (reader.Word() is not ("payable" or "public")) throw reader.Wrong("only 'payable' may follow");
        }

        reader.End();
        return new(inputs);
    }

    /// <summary>The data of the transaction that deploys: bytecode and arguments.</summary>
    /// <exception cref="AbiException">An argument does not fit its type; the message names it.</exception>
    public byte[] Encode(ReadOnlySpan<byte> bytecode, params object?[] args) => AbiEncoder.Encode(Inputs, args, bytecode);
}

/// <summary>A custom error of a contract: what a revert's data begins with, encoded like a call.</summary>
public sealed class AbiError
{
    private readonly AbiFunction call;

    internal AbiError(AbiFunction call) => this.call = call;

    /// <summary>Solidity's revert with a reason, <c>require(condition, "reason")</c>.</summary>
    public static AbiError Reason { get; } = Parse("error Error(string reason)");

    /// <summary>Solidity's failed assertion, overflow (0x11), division by zero (0x12), index out of bounds (0x32) and the like.</summary>
    public static AbiError Panic { get; } = Parse("error Panic(uint256 code)");

    /// <summary>The name alone.</summary>
    public string Name => call.Name;

    /// <summary>Parameters in order.</summary>
    public IReadOnlyList<AbiParameter> Inputs => call.Inputs;

    /// <summary>Name and canonical parameter types.</summary>
    public string Signature => call.Signature;

    /// <summary>"error" and the signature.</summary>
    public string Declaration => $"error {Signature}";

    /// <summary>The first four bytes of the signature's Keccak-256.</summary>
    public ReadOnlyMemory<byte> Selector => call.Selector;

    /// <summary>Reads "error Name(type name, …)"; the word "error" may be missing.</summary>
    /// <exception cref="AbiException">It is not such a declaration.</exception>
    public static AbiError Parse(string declaration)
    {
        var reader = new AbiReader(declaration);
        var name = reader.Name("error");
        var inputs = reader.Parameters();
        reader.End();
        return new(new(name, inputs, []));
    }

    /// <summary>Whether revert data begins with this error's selector. False for null.</summary>
    public bool Matches(byte[]? revertData) => revertData.AsSpan().StartsWith(Selector.Span);

    /// <summary>The error's arguments.</summary>
    /// <exception cref="AbiException">It is another error, or the data is not canonical.</exception>
    public AbiValues Decode(ReadOnlySpan<byte> revertData) => call.Decode(revertData);

    public override string ToString() => Declaration;
}
