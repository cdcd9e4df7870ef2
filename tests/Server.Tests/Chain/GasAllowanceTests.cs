using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Server.Tests.Chain;

/// <summary>What the platform pays for others has an end: per account, per wallet, and for everybody (PROTOCOL 6).</summary>
public sealed class GasAllowanceTests(GasAllowanceTests.Frugal server) : IClassFixture<GasAllowanceTests.Frugal>
{
    private readonly ChainServer chain = server.Chain;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_draws_what_its_calls_use_and_then_no_more()
    {
        var account = Guid.CreateVersion7();
        var calls = new List<ArtistRegistrationSigned>();
        while (await Booked(x => x.AccountId == account) + GasAllowance.Expected <= Frugal.PerAccount)
        {
            calls.Add(chain.Registration(PrivateKey.Generate(), account));
            await chain.Ask(calls[^1]);
            await chain.Mined(calls[^1].RequestId);
        }
        await using (var db = chain.Db())
        {
            foreach (var call in calls)
            {
                var intent = await db.Intents.SingleAsync(x => x.RequestId == call.RequestId, Cancel);
                Assert.Equal(intent.GasUsed, intent.GasBooked);
                Assert.True(intent.GasUsed < GasAllowance.Expected, "what was booked and not used is free again");
            }
        }
        var (more, other) = (chain.Registration(PrivateKey.Generate(), account), chain.Registration(PrivateKey.Generate()));
        await chain.Ask(more, other);
        Assert.StartsWith("gas-allowance: ", (await chain.Refused(more.RequestId)).Reason, StringComparison.Ordinal);
        await chain.Mined(other.RequestId);
    }

    [Fact]
    public async Task A_call_that_turns_out_to_need_more_than_is_left_is_refused_unsigned()
    {
        var usual = chain.Registration(PrivateKey.Generate());
        await chain.Ask(usual);
        var hash = (await chain.Mined(usual.RequestId)).TxHash;
        var account = Guid.CreateVersion7();
        await using var db = chain.Db();
        var limit = DynamicFeeTransaction.Decode((await db.Transactions.SingleAsync(x => x.Hash == hash, Cancel)).Raw).Transaction.GasLimit;
        Assert.True(limit > GasAllowance.Expected, "or this shows nothing");
        db.Intents.Add(Mined(account, null, Frugal.PerAccount - GasAllowance.Expected));
        await db.SaveChangesAsync(Cancel);

        var larger = chain.Registration(PrivateKey.Generate(), account);
        await chain.Ask(larger);
        Assert.StartsWith("gas-allowance: ", (await chain.Refused(larger.RequestId)).Reason, StringComparison.Ordinal);
        Assert.False(await db.Transactions.AnyAsync(x => x.RequestId == larger.RequestId, Cancel));
        Assert.Equal(Frugal.PerAccount - GasAllowance.Expected, await Booked(x => x.AccountId == account));
    }

    [Fact]
    public async Task A_call_refused_before_it_was_sent_gives_its_gas_back()
    {
        var account = Guid.CreateVersion7();
        var wrong = chain.Registration(PrivateKey.Generate(), account, signer: PrivateKey.Generate());
        await chain.Ask(wrong);
        await chain.Refused(wrong.RequestId);
        Assert.Equal(0, await Booked(x => x.AccountId == account));
    }

    [Fact]
    public async Task Many_accounts_with_one_wallet_share_its_allowance()
    {
        var wallet = PrivateKey.Generate().Address.ToString();
        var fits = (int)(Frugal.PerAddress / GasAllowance.Expected);
        var answers = new List<bool>();
        for (var i = 0; i < fits + 1; i++) answers.Add(await Book(Guid.CreateVersion7(), wallet));
        Assert.Equal([.. Enumerable.Repeat(true, fits), false], answers);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_for_the_last_of_an_allowance_one_gets_it()
    {
        var account = Guid.CreateVersion7();
        var fits = (int)(Frugal.PerAccount / GasAllowance.Expected);
        var answers = await Task.WhenAll(Enumerable.Range(0, fits + 6).Select(_ => Book(account, null)));
        Assert.Equal(fits, answers.Count(x => x));
    }

    [Fact]
    public async Task All_accounts_together_have_an_end_too_and_another_day_is_another_sum()
    {
        Assert.True(await Book(Guid.CreateVersion7(), null));
        await using var db = chain.Db();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        var full = Limits with { GasPerDay = await db.Intents.Where(x => x.AccountId != null).SumAsync(x => x.GasBooked, Cancel) };
        Assert.False(await new GasAllowance(db, full).Allows(Guid.CreateVersion7(), null, Now, GasAllowance.Expected, Cancel));
        Assert.True(await new GasAllowance(db, full).Allows(Guid.CreateVersion7(), null, Now.AddDays(1), GasAllowance.Expected, Cancel));
        Assert.True(await new GasAllowance(db, full).Allows(null, null, Now, GasAllowance.Expected, Cancel), "the platform's own calls are not in it");
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static Settings Limits => Settings.From(name => name switch
    {
        "OVATION_GAS_PER_ACCOUNT" => $"{Frugal.PerAccount}",
        "OVATION_GAS_PER_ADDRESS" => $"{Frugal.PerAddress}",
        _ => null,
    });

    private async Task<bool> Book(Guid account, string? wallet)
    {
        await using var db = chain.Db();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        if (!await new GasAllowance(db, Limits).Allows(account, wallet, Now, GasAllowance.Expected, Cancel)) return false;
        db.Intents.Add(Mined(account, wallet));
        await db.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        return true;
    }

    private static Intent Mined(Guid account, string? wallet, long gas = GasAllowance.Expected) => new()
    {
        RequestId = Guid.CreateVersion7(),
        Kind = "a test's",
        AccountId = account,
        Wallet = wallet,
        Sender = Sender.Relayer,
        Data = [],
        CreatedAt = Now,
        State = IntentState.Done,
        Answered = true,
        GasBooked = gas,
    };

    private async Task<long> Booked(System.Linq.Expressions.Expression<Func<Intent, bool>> whose)
    {
        await using var db = chain.Db();
        return await db.Intents.Where(whose).SumAsync(x => x.GasBooked, Cancel);
    }

    /// <summary>A server that pays for a few calls only.</summary>
    public sealed class Frugal : IAsyncLifetime
    {
        public const long PerAccount = 700_000;
        public const long PerAddress = 500_000;

        public ChainServer Chain { get; } = new();

        public async ValueTask InitializeAsync()
        {
            Chain.Server.Variables["OVATION_GAS_PER_ACCOUNT"] = $"{PerAccount}";
            Chain.Server.Variables["OVATION_GAS_PER_ADDRESS"] = $"{PerAddress}";
            await Chain.InitializeAsync();
        }

        public ValueTask DisposeAsync() => Chain.DisposeAsync();
    }
}
