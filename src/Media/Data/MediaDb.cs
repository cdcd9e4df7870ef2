using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Media;

internal sealed class MediaDb(DbContextOptions<MediaDb> options) : ModuleDb(options)
{
    public DbSet<Upload> Uploads => Set<Upload>();

    public DbSet<UploadPart> UploadParts => Set<UploadPart>();

    public DbSet<Song> Songs => Set<Song>();

    public DbSet<SongRendition> Renditions => Set<SongRendition>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Upload>(row =>
        {
            row.ToTable("uploads");
            row.HasKey(x => x.Id);
            row.Property(x => x.Id).ValueGeneratedNever();
            row.HasIndex(x => x.AccountId);
            row.HasIndex(x => x.ExpiresAt);
            row.HasIndex(x => x.CreatedAt).HasFilter("\"Sha256\" IS NULL");
        });
        modelBuilder.Entity<UploadPart>(row =>
        {
            row.ToTable("upload_parts");
            row.HasKey(x => new { x.UploadId, x.Offset });
            row.HasOne<Upload>().WithMany().HasForeignKey(x => x.UploadId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<Song>(row =>
        {
            row.ToTable("songs");
            row.HasKey(x => x.Id);
            row.Property(x => x.Id).ValueGeneratedNever();
            row.Property(x => x.State).HasConversion<string>();
            row.Property(x => x.Fence).IsConcurrencyToken();
            row.HasIndex(x => x.UploadId);
            row.HasIndex(x => new { x.State, x.NextAttemptAt });
            row.HasIndex(x => x.LockedUntil).HasFilter("\"LockedUntil\" IS NOT NULL");
            row.HasMany(x => x.Renditions).WithOne().HasForeignKey(x => x.SongId);
        });
        modelBuilder.Entity<SongRendition>(row =>
        {
            row.ToTable("renditions");
            row.HasKey(x => new { x.SongId, x.Root });
        });
    }
}

internal sealed class DesignTimeMediaDb : DesignTimeDb<MediaDb>;
