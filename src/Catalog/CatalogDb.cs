using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Ovation.Catalog.Artists;
using Ovation.Catalog.Songs;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog;

internal sealed class CatalogDb(DbContextOptions<CatalogDb> options) : ModuleDb(options)
{
    public DbSet<Song> Songs => Set<Song>();

    public DbSet<WrittenLog> Written => Set<WrittenLog>();

    public DbSet<KnownArtist> Artists => Set<KnownArtist>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<KnownArtist>(artist =>
        {
            artist.ToTable("artists");
            artist.HasKey(x => x.AccountId);
            artist.Property(x => x.AccountId).ValueGeneratedNever();
        });
        modelBuilder.Entity<Song>(song =>
        {
            song.ToTable("songs");
            song.HasKey(x => x.SongId);
            song.Property(x => x.SongId).ValueGeneratedNever();
            song.Property(x => x.State).HasConversion<string>();
            song.Property(x => x.RequestId).IsConcurrencyToken();
            song.Property(x => x.Renditions).HasConversion(
                new ValueConverter<RenditionFact[], string>(
                    list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
                    text => JsonSerializer.Deserialize<RenditionFact[]>(text, JsonSerializerOptions.Default) ?? Array.Empty<RenditionFact>()),
                new ValueComparer<RenditionFact[]>((a, b) => a!.SequenceEqual(b!), list => list.Length, list => list.ToArray()));
            song.HasIndex(x => new { x.AccountId, x.UploadId }).IsUnique();
            song.HasIndex(x => x.Position).IsUnique(); // a page ends between two songs, never inside one place
            song.HasIndex(x => new { x.State, x.Position });
            song.HasIndex(x => new { x.Handle, x.Position });
            song.HasIndex(x => new { x.AccountId, x.Position });
            song.HasIndex(x => new { x.Contract, x.ManifestHash });
            song.HasIndex(x => x.Sha256);
            song.HasIndex(x => x.RequestId);
            song.HasIndex(x => x.WrittenBy);
        });
        modelBuilder.Entity<WrittenLog>(log =>
        {
            log.ToTable("written_logs");
            log.HasKey(x => x.LogId);
            log.HasIndex(x => new { x.Contract, x.ManifestHash });
        });
    }
}

internal sealed class CatalogDbDesign : DesignTimeDb<CatalogDb>;
