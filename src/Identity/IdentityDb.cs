using Microsoft.EntityFrameworkCore;
using Ovation.Identity.Accounts;
using Ovation.Platform;

namespace Ovation.Identity;

internal sealed class IdentityDb(DbContextOptions<IdentityDb> options) : ModuleDb(options)
{
    public DbSet<Account> Accounts => Set<Account>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Account>(account =>
        {
            account.ToTable("accounts");
            account.HasKey(x => x.Id);
            account.Property(x => x.Id).ValueGeneratedNever();
            account.Property(x => x.Email).HasMaxLength(EmailAddress.MaxLength);
            account.HasIndex(x => x.Email).IsUnique();
        });
    }
}

internal sealed class IdentityDbDesign : DesignTimeDb<IdentityDb>;
