using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Identity.Accounts;

internal static class ShowAccount
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/identity/account", Handle);

    private static async Task<Results<Ok<AccountView>, Refusal>> Handle(Caller caller, IdentityDb db, CancellationToken cancel) =>
        await db.Accounts.Where(x => x.Id == caller.AccountId).Select(x => new AccountView(x.Id, x.Email)).SingleOrDefaultAsync(cancel) is { } account
            ? TypedResults.Ok(account)
            : Refusal.NotFound("account");
}
