using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>IArtistRegistry.sol: gives every artist a number and a contract.</summary>
public static class ArtistRegistryContract
{
    /// <summary>Domain of what an owner signs for this registry.</summary>
    public static Eip712Domain Domain(long chainId, Address registry) => new("Ovation Artist Registry", "1", chainId, registry);

    /// <summary>The contract's functions.</summary>
    public static class Functions
    {
        public static readonly AbiFunction Register = AbiFunction.Parse("function register(address owner, bytes32 handle, address registrar, uint256 deadline, bytes signature) returns (uint32 artistId, address artist)");
        public static readonly AbiFunction ArtistCount = AbiFunction.Parse("function artistCount() view returns (uint32)");
        public static readonly AbiFunction ArtistOf = AbiFunction.Parse("function artistOf(uint32 artistId) view returns (address artist)");
        public static readonly AbiFunction IdOf = AbiFunction.Parse("function idOf(address registrar, bytes32 handle) view returns (uint32 artistId)");
        public static readonly AbiFunction Predict = AbiFunction.Parse("function predict(address owner) view returns (address artist)");
        public static readonly AbiFunction Implementation = AbiFunction.Parse("function implementation() view returns (address)");
        public static readonly AbiFunction Token = AbiFunction.Parse("function token() view returns (address)");
        public static readonly AbiFunction SupportsInterface = AbiFunction.Parse("function supportsInterface(bytes4 id) view returns (bool)");
    }

    /// <summary>The contract's events.</summary>
    public static class Events
    {
        public static readonly AbiEvent ArtistRegistered = AbiEvent.Parse("event ArtistRegistered(uint32 indexed artistId, address indexed owner, address indexed artist, address registrar, bytes32 handle)");
    }

    /// <summary>The constructor's arguments: settlement token, seconds until announced splits come into force.</summary>
    public static readonly AbiConstructor Constructor = AbiConstructor.Parse("constructor(address token, uint40 splitDelay)");

    /// <summary>Number of artists, which is also the highest id.</summary>
    public static ContractView<uint> ArtistCount() => ContractTypes.ViewUInt(Functions.ArtistCount);

    /// <summary>The artist's contract; zero for an id not given out.</summary>
    public static ContractView<Address> ArtistOf(uint artistId) => ContractTypes.ViewAddress(Functions.ArtistOf, artistId);

    /// <summary>The artist behind a handle; 0 for nobody.</summary>
    public static ContractView<uint> IdOf(Address registrar, string handle) => ContractTypes.ViewUInt(Functions.IdOf, registrar, Handles.ToBytes32(handle).ToHash32());

    /// <summary>Where the owner's contract is, or will be.</summary>
    public static ContractView<Address> Predict(Address owner) => ContractTypes.ViewAddress(Functions.Predict, owner);

    /// <summary>What every artist contract delegates to.</summary>
    public static ContractView<Address> Implementation() => ContractTypes.ViewAddress(Functions.Implementation);

    /// <summary>The settlement token.</summary>
    public static ContractView<Address> Token() => ContractTypes.ViewAddress(Functions.Token);

    /// <summary>The id and contract that a call of register returned (in a simulation).</summary>
    public static (uint ArtistId, Address Artist) ReadRegistered(ReadOnlySpan<byte> result)
    {
        var values = Functions.Register.DecodeResult(result);
        return (values.Get<uint>("artistId"), values.Get<Address>("artist"));
    }

    /// <summary>The registration in a log; null when the log is of another kind.</summary>
    public static ArtistRegisteredLog? ReadLog(LogEntry log)
    {
        if (!Events.ArtistRegistered.Matches(log))
            return null;
        var values = Events.ArtistRegistered.Decode(log);
        return new(
            values.Get<uint>("artistId"), values.Get<Address>("owner"), values.Get<Address>("artist"), values.Get<Address>("registrar"),
            Handles.TryFromBytes32(values.Hash("handle"), out var handle) ? handle : throw new AbiException("The registry let a handle pass that is none."));
    }
}

/// <summary>An artist contract exists from here on.</summary>
/// <param name="Registrar">Whose name space the handle belongs to; zero: the common one.</param>
public sealed record ArtistRegisteredLog(uint ArtistId, Address Owner, Address Artist, Address Registrar, string Handle);

/// <summary>What an artist signs to be registered by somebody else.</summary>
/// <param name="Registrar">The only one who may send it, or zero: anybody.</param>
/// <param name="Deadline">Unix seconds, at most seven days ahead.</param>
public sealed record Registration(Address Owner, string Handle, Address Registrar, long Deadline)
{
    private static readonly Eip712 Type = Eip712.Parse("Register(address owner,bytes32 handle,address registrar,uint256 deadline)");

    /// <summary>EIP-712 digest.</summary>
    public Hash32 Digest(long chainId, Address registry) =>
        Type.Digest(ArtistRegistryContract.Domain(chainId, registry), Owner, Handles.ToBytes32(Handle).ToHash32(), Registrar, Deadline);

    /// <summary>65 bytes r ‖ s ‖ v by the owner's key.</summary>
    public byte[] Sign(PrivateKey key, long chainId, Address registry)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Digest(chainId, registry)).ToBytes65();
    }

    /// <summary>Calldata of register; an empty signature when the owner sends it.</summary>
    public byte[] Encode(byte[] signature) =>
        ArtistRegistryContract.Functions.Register.Encode(Owner, Handles.ToBytes32(Handle).ToHash32(), Registrar, Deadline, signature);
}
