using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Ovation.Messages;
using Ovation.Payments.Artists;
using Ovation.Payments.Authorisations;
using Ovation.Payments.Chains;
using Ovation.Payments.Earnings;
using Ovation.Payments.Leases;
using Ovation.Payments.Settlements;
using Ovation.Payments.Songs;
using Ovation.Payments.Tabs;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments;

internal sealed class PaymentsDb(DbContextOptions<PaymentsDb> options) : ModuleDb(options)
{
    public DbSet<KnownChain> Chains => Set<KnownChain>();
    public DbSet<ChainRequest> ChainRequests => Set<ChainRequest>();
    public DbSet<KnownArtist> Artists => Set<KnownArtist>();

    /// <summary>Artists whose contract stands on chain now.</summary>
    public IQueryable<KnownArtist> PayableArtists => Artists.Where(x => x.Active);

    public DbSet<Song> Songs => Set<Song>();
    public DbSet<Licence> Licences => Set<Licence>();
    public DbSet<Tab> Tabs => Set<Tab>();
    public DbSet<TabLog> TabLogs => Set<TabLog>();
    public DbSet<Entry> Entries => Set<Entry>();
    public DbSet<Authorisation> Authorisations => Set<Authorisation>();
    public DbSet<Lease> Leases => Set<Lease>();
    public DbSet<Settlement> Settlements => Set<Settlement>();
    public DbSet<SettlementTab> SettlementTabs => Set<SettlementTab>();
    public DbSet<SettlementRequest> SettlementRequests => Set<SettlementRequest>();
    public DbSet<BatchItem> BatchItems => Set<BatchItem>();
    public DbSet<SettledLog> SettledLogs => Set<SettledLog>();
    public DbSet<PayOutArtist> PayOutArtists => Set<PayOutArtist>();
    public DbSet<PaidOut> PaidOuts => Set<PaidOut>();
    public DbSet<Withdrawal> Withdrawals => Set<Withdrawal>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Hash>().HaveConversion<HashText>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        Table<KnownChain>(modelBuilder, "chains", row =>
        {
            row.HasKey(x => x.Id);
            row.Property(x => x.Id).ValueGeneratedNever();
        });
        Table<ChainRequest>(modelBuilder, "chain_requests", row =>
        {
            row.HasKey(x => x.RequestId);
            row.Property(x => x.RequestId).ValueGeneratedNever();
            row.HasIndex(x => x.Key).IsUnique();
        });
        Table<KnownArtist>(modelBuilder, "known_artists", row =>
        {
            row.HasKey(x => x.AccountId);
            row.Property(x => x.AccountId).ValueGeneratedNever();
            row.HasIndex(x => x.ArtistId); // not unique: two whose ids are exchanged are told of one after the other
        });
        Table<Song>(modelBuilder, "songs", row =>
        {
            row.HasKey(x => x.SongId);
            row.Property(x => x.SongId).ValueGeneratedNever();
            row.Property(x => x.Renditions).HasConversion(
                new ValueConverter<RenditionFact[], string>(
                    list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
                    text => JsonSerializer.Deserialize<RenditionFact[]>(text, JsonSerializerOptions.Default) ?? Array.Empty<RenditionFact>()),
                new ValueComparer<RenditionFact[]>((a, b) => a!.SequenceEqual(b!), list => list.Length, list => list.ToArray()));
        });
        Table<Licence>(modelBuilder, "licence_grants", row =>
        {
            row.HasKey(x => x.LogId);
            row.HasIndex(x => new { x.Contract, x.ChainSongId, x.Licensee });
        });
        MapTabs(modelBuilder);
        MapSettlements(modelBuilder);
    }

    private static void MapTabs(ModelBuilder model)
    {
        Table<Tab>(model, "tabs", row =>
        {
            row.HasKey(x => x.TabId);
            row.HasIndex(x => new { x.AccountId, x.CreatedAt });
            row.HasIndex(x => x.Spent).HasFilter("\"Spent\" > \"Settled\"");
            row.HasIndex(x => x.SettleWanted).HasFilter("\"SettleWanted\"");
            row.HasIndex(x => x.SettlingRequestId);
            row.HasIndex(x => x.State).HasFilter("\"State\" = 'Closing'");
        });
        Table<TabLog>(model, "tab_logs", row =>
        {
            row.HasKey(x => x.LogId);
            row.HasIndex(x => x.TabId);
        });
        Table<Entry>(model, "entries", row =>
        {
            row.HasKey(x => new { x.TabId, x.ArtistId });
            row.HasIndex(x => new { x.ArtistId, x.TabId });
        });
        Table<Authorisation>(model, "authorisations", row => row.HasKey(x => new { x.TabId, x.ArtistId }));
        Table<Lease>(model, "leases", row =>
        {
            row.HasKey(x => x.LeaseId);
            row.Property(x => x.LeaseId).ValueGeneratedNever();
            row.HasIndex(x => x.Digest).IsUnique();
            row.HasIndex(x => new { x.TabId, x.ListHash });
        });
    }

    private static void MapSettlements(ModelBuilder model)
    {
        Table<Settlement>(model, "settlements", row =>
        {
            row.HasKey(x => x.SettlementId);
            row.Property(x => x.SettlementId).ValueGeneratedNever();
            row.HasIndex(x => new { x.AccountId, x.CreatedAt });
        });
        Table<SettlementTab>(model, "settlement_tabs", row =>
        {
            row.HasKey(x => new { x.SettlementId, x.TabId });
            row.HasIndex(x => new { x.TabId, x.Resolved });
        });
        Table<SettlementRequest>(model, "settlement_requests", row =>
        {
            row.HasKey(x => new { x.SettlementId, x.RequestId });
            row.HasIndex(x => x.RequestId);
        });
        Table<BatchItem>(model, "batch_items", row =>
        {
            row.HasKey(x => new { x.RequestId, x.TabId });
            row.HasIndex(x => new { x.TabId, x.ListHash });
        });
        Table<SettledLog>(model, "settled_logs", row =>
        {
            row.HasKey(x => x.LogId);
            row.HasIndex(x => x.TabId);
        });
        Table<PayOutArtist>(model, "pay_out_artists", row =>
        {
            row.HasKey(x => new { x.RequestId, x.ArtistId });
            row.HasIndex(x => x.ArtistId);
        });
        Table<PaidOut>(model, "paid_outs", row =>
        {
            row.HasKey(x => x.LogId);
            row.HasIndex(x => x.ArtistId);
        });
        Table<Withdrawal>(model, "withdrawn", row =>
        {
            row.HasKey(x => x.LogId);
            row.HasIndex(x => x.ArtistId);
        });
    }

    private static void Table<TRow>(ModelBuilder model, string name, Action<EntityTypeBuilder<TRow>> rest) where TRow : class =>
        model.Entity<TRow>(row =>
        {
            row.ToTable(name);
            rest(row);
        });

    private sealed class HashText() : ValueConverter<Hash, string>(hash => hash.ToString(), text => Hash.Parse(text));
}

internal sealed class PaymentsDbDesign : DesignTimeDb<PaymentsDb>;
