using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Ovation.Platform;

namespace Ovation.Identity.Accounts;

/// <summary>
/// PBKDF2-SHA512 at the iterations OWASP asks for. A hash costs a tenth of a second of one core, so only some run at a time and
/// the rest queue: signing in must not starve what plays.
/// </summary>
internal sealed class Passwords : IDisposable
{
    public const int MinLength = 10;
    public const int MaxLength = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Of the most used passwords those long enough to be let in otherwise; compared without case, spaces and punctuation.
    private static readonly FrozenSet<string> Common = FrozenSet.Create(StringComparer.Ordinal,
        "1234567890", "0123456789", "9876543210", "0987654321", "12345678910", "123456789a", "a123456789", "1234567891",
        "123123123123", "1q2w3e4r5t", "1q2w3e4r5t6y", "q1w2e3r4t5", "1qaz2wsx3edc", "qazwsxedcrfv", "qwertyuiop", "qwerty12345",
        "qwerty123456", "qwerty1234", "qwertyuiop123", "asdfghjkl123", "password12", "password123", "password1234", "password12345",
        "passw0rd123", "passwordpassword", "mypassword", "administrator", "adminadmin", "admin12345", "admin123456", "letmein123",
        "letmeinletmein", "welcome123", "welcome1234", "iloveyou12", "iloveyou123", "iloveyouforever", "abcdefghij", "abcd123456",
        "abc1234567", "abcdefg123", "changeme123", "changemenow", "superman123", "football123", "baseball123", "princess123",
        "dragon12345", "monkey12345", "sunshine123", "correcthorsebatterystaple", "correcthorse", "secretpassword", "ovation123");

    private readonly PasswordHasher<Account> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 220_000 }));
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly Account _nobody = new() { Email = "", PasswordHash = "" };

    public Passwords() => _nobody.PasswordHash = _hasher.HashPassword(_nobody, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Why a new password cannot be taken; its length is checked before.</summary>
    public static Refusal? Check(string password, string email)
    {
        var bare = string.Concat(password.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        if (Common.Contains(bare) || password.Distinct().Count() < 4)
            return Refusal.Field("password", "everybody tries this one first; take another.");
        return password.Equals(email, StringComparison.OrdinalIgnoreCase) ? Refusal.Field("password", "must not be the e-mail address.") : null;
    }

    public Task<string> Hash(string password, CancellationToken cancel) => InTurn(() => _hasher.HashPassword(_nobody, password), cancel);

    /// <summary>Costs the same whether or not the account exists. A hash made under weaker settings is replaced in the entity.</summary>
    public async Task<bool> Verify(Account? account, string password, CancellationToken cancel)
    {
        var verdict = await InTurn(() => _hasher.VerifyHashedPassword(_nobody, (account ?? _nobody).PasswordHash, password), cancel);
        if (account is null || verdict == PasswordVerificationResult.Failed) return false;
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded) account.PasswordHash = await Hash(password, cancel);
        return true;
    }

    public void Dispose() => _turns.Dispose();

    private async Task<T> InTurn<T>(Func<T> work, CancellationToken cancel)
    {
        if (!await _turns.WaitAsync(Patience, cancel)) throw new TimeoutException("Too many passwords wait to be hashed");
        try { return await Task.Run(work, CancellationToken.None); }
        finally { _turns.Release(); }
    }
}
