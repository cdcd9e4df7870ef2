namespace Ovation.Identity.Accounts;

internal sealed class Account
{
    public Guid Id { get; init; }

    /// <summary>As <see cref="EmailAddress.Normalise"/> writes it.</summary>
    public required string Email { get; init; }

    public required string PasswordHash { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
