using System.Text.Json;
using Ovation.Ethereum;
using Ovation.Platform;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>The operator's word on the contracts of a chain we did not start: the file <c>OVATION_CONTRACTS</c> names.</summary>
internal static class ContractsFile
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly AbiFunction Version = AbiFunction.Parse("function version() view returns (string)");

    /// <exception cref="SettingsException">The file or what it names is not usable; the message says why.</exception>
    public static async Task<Deployment> Read(Settings settings, Network network, long chainId, CancellationToken cancel)
    {
        var path = settings.Contracts ?? throw new SettingsException("OVATION_CONTRACTS must name the file with the addresses of registry, tabs and token");
        var named = Parse(path);
        if (named.ChainId is { } meant && meant != chainId) throw new SettingsException($"{path} is for chain {meant}, OVATION_CHAIN is {chainId}");
        var (registry, tabs, token) = (AddressOf(path, "registry", named.Registry), AddressOf(path, "tabs", named.Tabs), AddressOf(path, "token", named.Token));
        if (named.Confirmations is { } confirmations)
            network.Confirmations = confirmations >= 1 ? confirmations : throw new SettingsException($"{path}: confirmations is at least 1");
        try
        {
            if (await Ask(registry, ArtistRegistryContract.Token()) != token) throw new SettingsException($"{path}: the registry settles in another token");
            if (await Ask(tabs, TabsContract.Token()) != token) throw new SettingsException($"{path}: tabs settle in another token");
            if (await Ask(tabs, TabsContract.Registry()) != registry) throw new SettingsException($"{path}: tabs pay artists of another registry");
            if (await Ask(token, TokenContract.Decimals()) != 6) throw new SettingsException($"{path}: the token does not have 6 decimals");
            var name = (await network.Node.Call(token, TokenContract.Functions.Name, [], cancellation: cancel)).Get<string>(0);
            var version = named.TokenVersion ?? (await network.Node.Call(token, Version, [], cancellation: cancel)).Get<string>(0);
            if (TokenContract.Domain(chainId, token, name, version).Separator().ToHash() != await Ask(token, TokenContract.DomainSeparator()))
                throw new SettingsException($"{path}: the token's EIP-712 domain is not “{name}”, version “{version}”");
            return new Deployment
            {
                ChainId = chainId,
                Registry = registry.ToString(),
                Tabs = tabs.ToString(),
                Token = token.ToString(),
                Treasury = (await Ask(tabs, TabsContract.Treasury())).ToString(),
                FromBlock = Math.Max(1, named.FromBlock ?? 1),
                ChallengeSeconds = await Ask(tabs, TabsContract.Challenge()),
                TokenName = name,
                TokenVersion = version,
                CodeHashes = await PrepareContracts.CodeHashes(network.Node, registry.ToString(), tabs.ToString(), token.ToString(), cancel),
            };
        }
        catch (Exception other) when (other is AbiException or RpcException)
        {
            throw new SettingsException($"{path}: what stands at these addresses on chain {chainId} are not Ovation's contracts ({other.Message})");
        }

        async Task<T> Ask<T>(Address contract, ContractView<T> view) =>
            view.Decode(await network.Node.Call(contract, view.Encode(), cancellation: cancel));
    }

    private static Named Parse(string path)
    {
        try { return JsonSerializer.Deserialize<Named>(File.ReadAllText(path), Json) ?? throw new JsonException("it is null"); }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException($"OVATION_CONTRACTS: {path} cannot be read: {wrong.Message}");
        }
    }

    private static Address AddressOf(string path, string name, string? text) =>
        Address.TryParse(text, out var address) ? address : throw new SettingsException($"{path}: {name} is not an address");

    private sealed record Named(long? ChainId, string? Registry, string? Tabs, string? Token, long? FromBlock, string? TokenVersion, int? Confirmations);
}
