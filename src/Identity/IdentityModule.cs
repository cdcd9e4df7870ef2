using Microsoft.Extensions.DependencyInjection;
using Ovation.Identity.Accounts;
using Ovation.Identity.Tickets;
using Ovation.Platform;

namespace Ovation.Identity;

/// <summary>The Identity module: who has an account, and proof of it in a ticket.</summary>
public static class IdentityModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("identity")
    {
        Add = module =>
        {
            module.Database<IdentityDb>();
            module.Services.AddValidation();
            module.Services.AddSingleton<Passwords>().AddSingleton<FailedSignIns>().AddSingleton<TicketSigner>();
        },
        Map = routes =>
        {
            CreateAccount.Map(routes);
            ShowAccount.Map(routes);
            IssueTicket.Map(routes);
        },
    };
}
