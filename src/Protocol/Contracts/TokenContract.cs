using System.Numerics;
using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>The settlement token: ERC-20 with EIP-3009 and EIP-2612; the embedded chain's DevDollar has a faucet besides.</summary>
public static class TokenContract
{
    /// <summary>Most units one call of the faucet makes.</summary>
    public const long FaucetMost = 10_000_000_000;

    /// <summary>Domain of what is signed for the token. Each token names itself: DevDollar as the defaults say, USDC "USD Coin" and "2".</summary>
    public static Eip712Domain Domain(long chainId, Address token, string name = "Dev Dollar", string version = "1") => new(name, version, chainId, token);

    /// <summary>The contract's functions that Ovation uses.</summary>
    public static class Functions
    {
        public static readonly AbiFunction BalanceOf = AbiFunction.Parse("function balanceOf(address account) view returns (uint256)");
        public static readonly AbiFunction Allowance = AbiFunction.Parse("function allowance(address owner, address spender) view returns (uint256)");
        public static readonly AbiFunction Approve = AbiFunction.Parse("function approve(address spender, uint256 value) returns (bool)");
        public static readonly AbiFunction Transfer = AbiFunction.Parse("function transfer(address to, uint256 value) returns (bool)");
        public static readonly AbiFunction TransferFrom = AbiFunction.Parse("function transferFrom(address from, address to, uint256 value) returns (bool)");
        public static readonly AbiFunction TotalSupply = AbiFunction.Parse("function totalSupply() view returns (uint256)");
        public static readonly AbiFunction Name = AbiFunction.Parse("function name() view returns (string)");
        public static readonly AbiFunction Symbol = AbiFunction.Parse("function symbol() view returns (string)");
        public static readonly AbiFunction Decimals = AbiFunction.Parse("function decimals() view returns (uint8)");
        public static readonly AbiFunction DomainSeparator = AbiFunction.Parse("function DOMAIN_SEPARATOR() view returns (bytes32)");
        public static readonly AbiFunction AuthorizationState = AbiFunction.Parse("function authorizationState(address authorizer, bytes32 nonce) view returns (bool)");
        public static readonly AbiFunction TransferWithAuthorization = AbiFunction.Parse("function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)");
        public static readonly AbiFunction ReceiveWithAuthorization = AbiFunction.Parse("function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)");
        public static readonly AbiFunction CancelAuthorization = AbiFunction.Parse("function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)");
        public static readonly AbiFunction Permit = AbiFunction.Parse("function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)");
        public static readonly AbiFunction Nonces = AbiFunction.Parse("function nonces(address owner) view returns (uint256)");
        public static readonly AbiFunction Faucet = AbiFunction.Parse("function faucet(address to, uint256 units)");
    }

    /// <summary>The contract's events that Ovation uses.</summary>
    public static class Events
    {
        public static readonly AbiEvent Transfer = AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)");
        public static readonly AbiEvent Approval = AbiEvent.Parse("event Approval(address indexed owner, address indexed spender, uint256 value)");
        public static readonly AbiEvent AuthorizationUsed = AbiEvent.Parse("event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)");
        public static readonly AbiEvent AuthorizationCanceled = AbiEvent.Parse("event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)");
    }

    /// <summary>Units an account holds. Not a long: anybody can make DevDollars.</summary>
    public static ContractView<BigInteger> BalanceOf(Address account) => ContractTypes.ViewNumber(Functions.BalanceOf, account);

    /// <summary>Units a spender may still take.</summary>
    public static ContractView<BigInteger> Allowance(Address owner, Address spender) => ContractTypes.ViewNumber(Functions.Allowance, owner, spender);

    /// <summary>Decimals; Ovation needs 6.</summary>
    public static ContractView<uint> Decimals() => ContractTypes.ViewUInt(Functions.Decimals);

    /// <summary>The token's own opinion of its domain: compare with <see cref="Domain"/> before anything is signed for it.</summary>
    public static ContractView<Hash> DomainSeparator() => ContractTypes.ViewHash(Functions.DomainSeparator);

    /// <summary>Whether an EIP-3009 nonce was used or cancelled: never proof of a payment.</summary>
    public static ContractView<bool> AuthorizationState(Address authorizer, Hash nonce) => ContractTypes.ViewBool(Functions.AuthorizationState, authorizer, nonce.ToHash32());

    /// <summary>Calldata of the embedded chain's faucet.</summary>
    public static byte[] Faucet(Address to, long units) => Functions.Faucet.Encode(to, units);

    /// <summary>Calldata of a plain transfer.</summary>
    public static byte[] Transfer(Address to, long units) => Functions.Transfer.Encode(to, units);

    /// <summary>Calldata of an allowance.</summary>
    public static byte[] Approve(Address spender, long units) => Functions.Approve.Encode(spender, units);

    /// <summary>The transfer in a log; null when the log is of another kind.</summary>
    public static TransferLog? ReadTransfer(LogEntry log)
    {
        if (!Events.Transfer.Matches(log))
            return null;
        var values = Events.Transfer.Decode(log);
        return new(values.Get<Address>("from"), values.Get<Address>("to"), values.Get<BigInteger>("value"));
    }
}

/// <summary>Tokens moved; zero on one side where they were made or destroyed.</summary>
public sealed record TransferLog(Address From, Address To, BigInteger Value);

/// <summary>What a payer signs so that the payee alone may take the money (EIP-3009 receiveWithAuthorization).</summary>
/// <param name="Value">Units.</param>
/// <param name="ValidAfter">Unix seconds, exclusive.</param>
/// <param name="ValidBefore">Unix seconds, exclusive.</param>
/// <param name="Nonce">Binds the money to a purpose, where the payee derives it.</param>
public sealed record ReceiveAuthorization(Address From, Address To, long Value, long ValidAfter, long ValidBefore, Hash Nonce)
{
    private static readonly Eip712 Type = Eip712.Parse(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)");

    /// <summary>EIP-712 digest.</summary>
    /// <param name="token">The token's domain: <see cref="TokenContract.Domain"/>.</param>
    public Hash32 Digest(Eip712Domain token) => Type.Digest(token, From, To, Value, ValidAfter, ValidBefore, Nonce.ToHash32());

    /// <summary>65 bytes r ‖ s ‖ v by the payer's key.</summary>
    public byte[] Sign(PrivateKey key, Eip712Domain token)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Digest(token)).ToBytes65();
    }
}
