using System.Security.Cryptography;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Chaos.Crowds;

/// <summary>Somebody with an account, a session and a wallet.</summary>
internal sealed class Person : IDisposable
{
    private const string Password = "a long enough password";

    private readonly World _world;
    private readonly string _email;

    private Person(World world, string email) => (_world, _email, Client) = (world, email, new OvationClient(world.Fleet.Url));

    public OvationClient Client { get; }

    public PrivateKey Wallet { get; } = PrivateKey.Generate();

    public Guid AccountId { get; private set; }

    public static async Task<Person> SignUp(World world)
    {
        var person = new Person(world, $"{RandomNumberGenerator.GetHexString(16, lowercase: true)}@example.org");
        await world.Patience.Insist("sign-up", async () =>
        {
            try { await person.Client.Accounts.Create(person._email, Password); }
            catch (RefusedException there) when (there.Problem.Code == "email-taken") { } // by a request whose answer was lost
            return true;
        });
        await person.SignIn();
        return person;
    }

    /// <summary>A new session; the old one is left to run out.</summary>
    public async Task SignIn()
    {
        var session = await _world.Patience.Insist("sign-in", () => Client.Sessions.SignIn(_email, Password), "ticket-refused");
        (AccountId, Client.Token) = (session.AccountId, session.Token);
    }

    /// <summary>Play money, whenever the wallet has less than half of what it should.</summary>
    public async Task Fund(long units)
    {
        var chain = await _world.Chain(Client);
        await _world.Patience.Until("faucet", async () =>
        {
            var balance = await chain.Reader.Balance(chain.Token, Wallet.Address);
            if (balance < units / 2) await Client.Chain.Faucet(Wallet.Address.ToString(), units);
            return balance;
        }, balance => balance >= units / 2);
    }

    public void Dispose() => Client.Dispose();
}
