using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Chain;

internal sealed class ChainDb(DbContextOptions<ChainDb> options) : ModuleDb(options)
{
    public DbSet<Intent> Intents => Set<Intent>();

    public DbSet<IntentTransaction> Transactions => Set<IntentTransaction>();

    public DbSet<GasTurn> GasTurns => Set<GasTurn>();

    public DbSet<Sender> Senders => Set<Sender>();

    public DbSet<Deployment> Deployments => Set<Deployment>();

    public DbSet<Cursor> Cursors => Set<Cursor>();

    public DbSet<SeenBlock> Blocks => Set<SeenBlock>();

    public DbSet<SaidFact> Facts => Set<SaidFact>();

    public DbSet<KnownArtist> Artists => Set<KnownArtist>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Intent>(intent =>
        {
            intent.ToTable("intents");
            intent.HasKey(x => x.RequestId);
            intent.Property(x => x.RequestId).ValueGeneratedNever();
            intent.Property(x => x.State).HasConversion<string>();
            intent.HasIndex(x => new { x.Sender, x.Nonce }).IsUnique();
            intent.HasIndex(x => new { x.State, x.CreatedAt });
            intent.HasIndex(x => new { x.AccountId, x.CreatedAt });
            intent.HasIndex(x => new { x.Wallet, x.CreatedAt });
            intent.HasIndex(x => x.CreatedAt);
            intent.HasIndex(x => x.Block);
        });
        modelBuilder.Entity<IntentTransaction>(transaction =>
        {
            transaction.ToTable("transactions");
            transaction.HasKey(x => x.Hash);
            transaction.HasIndex(x => x.RequestId);
            transaction.HasIndex(x => new { x.Sender, x.Nonce });
        });
        modelBuilder.Entity<GasTurn>(turn =>
        {
            turn.ToTable("gas_turns");
            turn.HasKey(x => x.Id);
            turn.Property(x => x.Id).ValueGeneratedNever();
            turn.HasData(new GasTurn { Id = GasTurn.OnlyOne });
        });
        modelBuilder.Entity<Sender>(sender =>
        {
            sender.ToTable("senders");
            sender.HasKey(x => x.Name);
            sender.Ignore(x => x.Lock);
        });
        modelBuilder.Entity<Deployment>(deployment =>
        {
            deployment.ToTable("deployments");
            deployment.HasKey(x => x.ChainId);
            deployment.Property(x => x.ChainId).ValueGeneratedNever();
        });
        modelBuilder.Entity<Cursor>(cursor =>
        {
            cursor.ToTable("cursors");
            cursor.HasKey(x => x.ChainId);
            cursor.Property(x => x.ChainId).ValueGeneratedNever();
        });
        modelBuilder.Entity<SeenBlock>(block =>
        {
            block.ToTable("blocks");
            block.HasKey(x => x.Number);
            block.Property(x => x.Number).ValueGeneratedNever();
        });
        modelBuilder.Entity<SaidFact>(fact =>
        {
            fact.ToTable("facts");
            fact.HasKey(x => x.LogId);
            fact.HasIndex(x => x.Block);
            fact.HasIndex(x => x.TxHash);
            fact.HasIndex(x => x.DoubtedUntil).HasFilter("\"DoubtedUntil\" IS NOT NULL");
            fact.HasIndex(x => x.Undone).HasFilter("\"Undone\"");
        });
        modelBuilder.Entity<KnownArtist>(artist =>
        {
            artist.ToTable("artists");
            artist.HasKey(x => x.Contract);
            artist.HasIndex(x => x.ArtistId);
        });
    }

    internal sealed class DesignTime : DesignTimeDb<ChainDb>;
}
