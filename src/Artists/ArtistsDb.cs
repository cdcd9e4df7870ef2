using Microsoft.EntityFrameworkCore;
using Ovation.Artists.Artists;
using Ovation.Artists.Chains;
using Ovation.Artists.Withdrawals;
using Ovation.Platform;

namespace Ovation.Artists;

internal sealed class ArtistsDb(DbContextOptions<ArtistsDb> options) : ModuleDb(options)
{
    public DbSet<Artist> Artists => Set<Artist>();

    public DbSet<DeployedLog> Deployed => Set<DeployedLog>();

    public DbSet<Withdrawal> Withdrawals => Set<Withdrawal>();

    public DbSet<KnownChain> Chains => Set<KnownChain>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Artist>(artist =>
        {
            artist.ToTable("artists");
            artist.HasKey(x => x.AccountId);
            artist.Property(x => x.AccountId).ValueGeneratedNever();
            artist.Property(x => x.State).HasConversion<string>();
            artist.Property(x => x.RequestId).IsConcurrencyToken();
            artist.HasIndex(x => x.Handle).IsUnique();
            // The registry deploys one contract per owner. A reservation proves nothing yet, so it keeps no wallet from its owner.
            artist.HasIndex(x => x.Owner).IsUnique().HasFilter("\"State\" <> 'Reserved'");
            artist.HasIndex(x => x.RequestId);
            artist.HasIndex(x => x.DeployedBy);
        });
        modelBuilder.Entity<DeployedLog>(log =>
        {
            log.ToTable("deployed_logs");
            log.HasKey(x => x.LogId);
        });
        modelBuilder.Entity<Withdrawal>(withdrawal =>
        {
            withdrawal.ToTable("withdrawals");
            withdrawal.HasKey(x => x.Id);
            withdrawal.Property(x => x.Id).ValueGeneratedNever();
            withdrawal.Property(x => x.State).HasConversion<string>();
            withdrawal.HasIndex(x => new { x.AccountId, x.Nonce }).IsUnique();
        });
        modelBuilder.Entity<KnownChain>(chain =>
        {
            chain.ToTable("chains");
            chain.HasKey(x => x.ChainId);
            chain.Property(x => x.ChainId).ValueGeneratedNever();
        });
    }
}

internal sealed class ArtistsDbDesign : DesignTimeDb<ArtistsDb>;
