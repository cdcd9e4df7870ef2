using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Protocol.Tests;

/// <summary>
/// The digests of vectors.json, which vectors.mjs computed without any of this code. Solidity and browser tests read
/// the same file: who changes the protocol changes it, and sees who else must follow.
/// </summary>
public sealed class VectorsTests
{
    private static readonly JsonNode Vectors = JsonNode.Parse(Repository.Read("tests", "Protocol.Tests", "vectors.json"))!;
    private static readonly long ChainId = Number(Vectors["chainId"]);
    private static readonly string Tabs = Text(Vectors["tabs"]);
    private static readonly TabTerms Terms = ReadTerms();
    private static readonly Address Artist = Address.Parse(Text(Vectors["artist"]));

    [Fact]
    public void A_tabs_id_domain_and_nonces()
    {
        var (tab, domain) = (Vectors["tab"]!, new TabDomain(ChainId, Tabs));
        Assert.Equal(Hash(tab["tabId"]), Terms.TabId);
        Assert.Equal(Hash(tab["domain"]), domain.Hash);
        Assert.Equal(Hash(tab["openingNonce"]), domain.OpeningNonce(Terms.TabId));
        Assert.Equal(Hash(tab["topUpNonce"]), domain.TopUpNonce(Terms.TabId, Terms.Salt));
        Assert.Equal(Hash(tab["purchaseNonce"]), ArtistContract.PurchaseNonce(ChainId, Artist, 2, Address.Parse(Terms.Listener), 990_000));
    }

    [Fact]
    public void A_statement_its_plays_and_its_digest()
    {
        var (expected, plays) = (Vectors["statement"]!, Vectors["plays"]!);
        var statement = Statement.Empty;
        foreach (var entry in expected["entries"]!.AsArray().Skip(1))
            statement = statement.Add((uint)Number(entry![0]), Number(entry[1]), Terms.FeeBps);
        Assert.Equal(expected["entries"]!.AsArray().Select(e => new StatementEntry((uint)Number(e![0]), Number(e[1]))), statement.Entries);
        Assert.Equal(Text(expected["list"]), Hex.Encode(statement.Encode()));
        Assert.Equal(Hash(expected["listHash"]), statement.ListHash());

        var ranges = plays["ranges"]!.AsArray().Select(r => new ChunkRange((uint)Number(r![0]), (uint)Number(r[1]))).ToArray();
        var (price, chunks) = (Number(plays["price"]), (uint)Number(plays["chunks"]));
        Assert.Equal(plays["units"]!.AsArray().Select(u => Number(u)), ranges.Select(r => Price.ForChunks(price, r, chunks)));
        var root = PlaysRoot.AfterLease(Terms.TabId, Hash(plays["manifestHash"]), Hash(plays["rendition"]), ranges, price, chunks);
        Assert.Equal(Hash(expected["playsRoot"]), root);
        Assert.Equal(Hash(expected["digest"]), new TabMessages(ChainId, Tabs).Statement(Terms.TabId, statement, root));
    }

    [Fact]
    public void The_other_messages_of_a_tab_key()
    {
        var (messages, authorisation, account) = (new TabMessages(ChainId, Tabs), Vectors["authorisation"]!, Vectors["account"]!);
        Assert.Equal(Hash(authorisation["digest"]), messages.Authorisation(
            Terms.TabId, (uint)Number(authorisation["artistId"]), Number(authorisation["limit"]), Number(authorisation["version"])));
        Assert.Equal(Hash(Vectors["close"]!["digest"]), messages.Close(Terms.TabId));
        Assert.Equal(Hash(account["digest"]), messages.Account(Terms.TabId, Guid.Parse(Text(account["accountId"]))));
    }

    [Fact]
    public void What_wallets_sign()
    {
        var inputs = Vectors["eip712Inputs"]!;
        var (deadline, epoch) = (Number(inputs["deadline"]), (uint)Number(inputs["ownerEpoch"]));
        var (nonce, nonce0) = (Big(inputs["nonce"]), Big(inputs["nonce0"]));
        var (listener, cashier, tabs) = (Address.Parse(Terms.Listener), Address.Parse(Terms.Cashier), Address.Parse(Tabs));
        var manifest = Hash(Vectors["plays"]!["manifestHash"]);
        var token = TokenContract.Domain(ChainId, Address.Parse(Text(Vectors["token"])));
        var validBefore = Number(inputs["validBefore"]);
        SongInput[] songs = [new(Sha("one"), Sha("m1"), 4_000, 990_000), new(Sha("two"), Sha("m2"), 0, 0)];
        string Owned(SignedArtistCall call) => call.Digest(ChainId, Artist, epoch).ToString();

        var digests = new Dictionary<string, string>
        {
            ["register"] = new Registration(listener, Text(inputs["handle"]), cashier, deadline).Digest(ChainId, Address.Parse(Text(Vectors["registry"]))).ToString(),
            ["publish"] = Owned(new PublishCall(songs, nonce, deadline)),
            ["setPrice"] = Owned(new SetPriceCall(2, 5_000, 1_000_000, nonce0, deadline)),
            ["retire"] = Owned(new RetireCall(2, nonce, deadline)),
            ["revise"] = Owned(new ReviseCall(2, manifest, nonce, deadline)),
            ["giveLicence"] = Owned(new GiveLicenceCall(2, listener, nonce, deadline)),
            ["setSplits"] = Owned(new SetSplitsCall([new(listener, 7_500), new(cashier, 2_500)], nonce0, deadline)),
            ["transferOwnership"] = Owned(new TransferOwnershipCall(listener, nonce0, deadline)),
            ["acceptOwnership"] = Owned(new AcceptOwnershipCall(nonce0, deadline)),
            ["cancel"] = Owned(new CancelCall(6, nonce, deadline)),
            ["withdraw"] = Owned(new WithdrawCall(listener, cashier, 123_456, nonce, deadline)),
            ["announceClose"] = new ClosingAnnouncement(Terms, deadline).Digest(ChainId, tabs).ToString(),
            ["opening"] = TabsContract.OpeningAuthorization(ChainId, tabs, Terms, 5_000_000, validBefore).Digest(token).ToString(),
            ["topUp"] = TabsContract.TopUpAuthorization(ChainId, tabs, Terms, 2_000_000, validBefore, Terms.Salt).Digest(token).ToString(),
            ["purchase"] = ArtistContract.PurchaseAuthorization(ChainId, Artist, 2, listener, 990_000, validBefore).Digest(token).ToString(),
        };
        Assert.Equal(Vectors["eip712"]!.AsObject().ToDictionary(p => p.Key, p => Text(p.Value)), digests);
    }

    [Fact]
    public async Task Trees_of_files()
    {
        foreach (var expected in Vectors["trees"]!.AsArray())
        {
            var file = Enumerable.Range(0, (int)Number(expected!["bytes"])).Select(i => (byte)((i * 31) + (i >> 8))).ToArray();
            var tree = await AudioTree.Build(new MemoryStream(file), TestContext.Current.CancellationToken);
            Assert.Equal(Hash(expected["root"]), tree.Root);
            Assert.Equal((uint)Number(expected["chunks"]), tree.Chunks);
            Assert.Equal(Hash(expected["leavesSha256"]), Protocol.Hash.Sha256(tree.Leaves));
        }
    }

    [Fact]
    public void Numbers_as_ECMAScript_writes_them() =>
        Assert.All(Vectors["doubles"]!.AsArray(), pair => Assert.Equal(
            Text(pair![1]),
            EcmaScriptNumber.Format(BitConverter.UInt64BitsToDouble(ulong.Parse(Text(pair[0]), NumberStyles.HexNumber, CultureInfo.InvariantCulture)))));

    [Fact]
    public void A_manifest_and_its_hash()
    {
        var bytes = Encoding.UTF8.GetBytes(Text(Vectors["manifest"]!["text"]));
        Assert.True(Manifest.TryParse(bytes, out var manifest, out var reason), reason);
        Assert.Equal(bytes, manifest.ToBytes());
        Assert.Equal(Hash(Vectors["manifest"]!["hash"]), Manifest.HashOf(bytes));
    }

    [Fact]
    public void A_play_token()
    {
        var expected = Vectors["playToken"]!;
        var keys = new PlayTokenKeys(new PlayTokenKey((uint)Number(expected["keyId"]), Hash(expected["secret"]).ToBytes()));
        Assert.Equal(PlayTokenVerdict.Valid, keys.Verify(Text(expected["token"]), 0, out var token));
        Assert.Equal(
            new PlayToken(
                Guid.Parse("01935f4e-5d3a-7c1e-8a3b-000000000001"), Guid.Parse("01935f4e-5d3a-7c1e-8a3b-000000000002"), Sha("rendition"),
                PlayHolder.Tab(Terms.TabId), 1_800_000_000_000, new(0, 1), new(5, 9)),
            token);
        Assert.Equal(Text(expected["token"]), keys.Mint(token));
    }

    [Fact]
    public void Signatures_of_another_library_verify_in_their_low_form_only()
    {
        var expected = Vectors["signatures"]!;
        Assert.True(TabPublicKey.TryCreate(Hash(expected["qx"]), Hash(expected["qy"]), out var key));
        using (key)
            Assert.All(expected["signed"]!.AsArray(), s => Assert.Equal(
                (bool)s!["low"]!, key.Verify(Hash(s["digest"]), Hex.Decode(Text(s["signature"])))));
        Assert.Equal([false, true], expected["signed"]!.AsArray().Select(s => (bool)s!["low"]!).Distinct().Order());
    }

    private static TabTerms ReadTerms()
    {
        var tab = Vectors["tab"]!;
        return TabTerms.TryCreate(Text(tab["listener"]), Hash(tab["qx"]), Hash(tab["qy"]), Text(tab["cashier"]), (int)Number(tab["feeBps"]), Hash(tab["salt"]), out var terms, out var reason)
            ? terms
            : throw new FormatException(reason);
    }

    private static Hash Sha(string text) => Protocol.Hash.Sha256(Encoding.UTF8.GetBytes(text));

    private static string Text(JsonNode? node) => (string)node!.AsValue()!;

    private static long Number(JsonNode? node) => (long)node!.AsValue();

    private static Hash Hash(JsonNode? node) => Protocol.Hash.Parse(Text(node));

    private static BigInteger Big(JsonNode? node) => new(Hash(node).ToBytes(), isUnsigned: true, isBigEndian: true);
}
