using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Chain;

internal sealed class ChainDb(DbContextOptions<ChainDb> options) : ModuleDb(options)
{
    public DbSet<Intent> Intents => Set<Intent>();

    public DbSet<Sender> Senders => Set<Sender>();

    public DbSet<Deployment> Deployments => Set<Deployment>();

    public DbSet<Cursor> Cursors => Set<Cursor>();

    public DbSet<SeenBlock> Blocks => Set<SeenBlock>();

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
        });
        modelBuilder.Entity<Sender>(sender =>
        {
            sender.ToTable("senders");
            sender.HasKey(x => x.Name);
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
        modelBuilder.Entity<KnownArtist>(artist =>
        {
            artist.ToTable("artists");
            artist.HasKey(x => x.Contract);
            artist.HasIndex(x => x.ArtistId);
        });
    }

    internal sealed class DesignTime : DesignTimeDb<ChainDb>;
}
