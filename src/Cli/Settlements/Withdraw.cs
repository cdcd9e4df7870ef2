using System.CommandLine;
using System.Numerics;
using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Settlements;

internal static class Withdraw
{
    private const long Day = 86_400;

    /// <summary>One line of withdrawals: the same wish signed twice, after a lost answer, is taken once.</summary>
    private static readonly BigInteger NonceKey = 1;

    private const string UnderWay = "withdrawal-under-way";
    private const string Advice = "One withdrawal at a time: wait until that one is mined (ovation artist show), then run this again.";

    private static readonly Argument<long?> Amount = Amounts.Argument("How much; everything without it", optional: true);

    private static readonly Option<Address?> To = new("--to")
    {
        Description = "Any address",
        HelpName = "address",
        Required = true,
        CustomParser = result =>
        {
            if (Address.TryParse(result.Tokens[0].Value, out var address) && address != Address.Zero)
                return address;
            result.AddError($"--to takes an address (0x and 40 digits, with a right checksum if in mixed case), not “{result.Tokens[0].Value}”.");
            return null;
        },
    };

    public static Verb Verb()
    {
        var verb = new Verb("withdraw", "Take money out of your contract to any address; your wallet signs, the platform pays the gas",
            "ovation withdraw --to 0x52908400098527886E0F7030069857D2E4169EE7 1.25");
        verb.Arguments.Add(Amount);
        verb.Options.Add(To);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        var (wallet, to) = (run.Wallet(), run.Value(To)!.Value);
        var chain = await run.Chain(cancel);
        var artist = await run.Client.Artists.Mine(cancel);
        var contract = await chain.Reader.ArtistContractOf(chain.Registry, artist.ArtistId ?? 0, cancel);
        var there = await chain.Reader.Ask(contract, ArtistContract.Withdrawable(wallet.Address), cancel);
        var amount = run.Value(Amount) ?? there;
        if (amount == 0 || amount > there)
            throw new RefusedException("not-enough", $"{wallet.Address} can take out {Amounts.Show(there)} of {contract}.");
        var call = new WithdrawCall(wallet.Address, to, amount,
            await chain.Reader.Ask(contract, ArtistContract.Nonce(wallet.Address, NonceKey), cancel), await chain.Reader.Time(cancel) + Day);
        var epoch = await chain.Reader.Ask(contract, ArtistContract.OwnerEpoch(), cancel);
        var before = await chain.Reader.Balance(chain.Token, to, cancel);
        var withdrawal = AsAsked(await Request(run, new(to.ToString(), amount, wallet.Address.ToString(), Hex.Quantity(call.Nonce), call.Deadline,
            Hex.Encode(call.Sign(wallet, chain.Info.ChainId, contract, epoch))), cancel), to, amount);
        withdrawal = AsAsked(await Waiting.Until(run, "Waiting for the chain", c => run.Client.Artists.ShowWithdrawal(withdrawal.Id, c),
            w => w.State != "requested", Waiting.Confirmation, cancel), to, amount);
        if (withdrawal.State != "done")
            throw new RefusedException("withdrawal-refused", $"Nothing was withdrawn: {withdrawal.Reason ?? "no reason given"}");
        run.Answer(
            new JsonObject
            {
                ["amount"] = withdrawal.Amount,
                ["to"] = withdrawal.To,
                ["txHash"] = withdrawal.TxHash,
                ["balance"] = await chain.Reader.Balance(chain.Token, to, cancel),
                ["balanceBefore"] = before,
                ["node"] = chain.Reader.Node.ToString(),
            },
            () => Console.WriteLine($"{Amounts.Show(withdrawal.Amount)} sent to {withdrawal.To} ({withdrawal.TxHash})."));
    }

    private static async Task<Withdrawal> Request(Invocation run, WithdrawalRequest request, CancellationToken cancel)
    {
        try
        {
            return await run.Client.Artists.Withdraw(request, cancel);
        }
        catch (RefusedException no) when (no.Problem.Code == UnderWay)
        {
            throw new RefusedException(no.Problem with { Detail = $"{no.Problem.Detail} {Advice}" });
        }
    }

    /// <summary>An earlier wish of the same nonce that is not mined yet keeps its place: what is sent is that one, not this one.</summary>
    private static Withdrawal AsAsked(Withdrawal shown, Address to, long amount) =>
        shown.Amount == amount && Addresses.AreSame(shown.To, to.ToString())
            ? shown
            : throw new RefusedException(UnderWay, $"Under way is {Amounts.Show(shown.Amount)} to {shown.To}, not {Amounts.Show(amount)} to {to}. {Advice}");
}
