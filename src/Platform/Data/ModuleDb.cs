using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Ovation.Platform;

/// <summary>
/// A module's database: its tables, and beside them what it has to say (outbox) and what it has heard (inbox), so both change
/// in one transaction. Keys are set by the application; times are Unix milliseconds, because SQLite cannot order offsets.
/// </summary>
public abstract class ModuleDb(DbContextOptions options) : DbContext(options)
{
    internal DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    internal DbSet<InboxRow> Inbox => Set<InboxRow>();

    internal DbSet<ParkedRow> Parked => Set<ParkedRow>();

    internal DbSet<LockRow> Locks => Set<LockRow>();

    internal DbSet<AcknowledgedRow> Acknowledged => Set<AcknowledgedRow>();

    /// <summary>Says a fact with the next <c>SaveChanges</c>: stored with what made it true, delivered at least once.</summary>
    public void Publish<TMessage>(TMessage message) where TMessage : class => Outbox.Add(OutboxRow.Of(message));

    /// <summary>
    /// Waits until no other transaction of this module has the turn, in whatever process, and has it until the caller's transaction
    /// ends. For what reads before it decides: on SQLite writers queue anyway, on PostgreSQL they would read past each other. Taken
    /// before anything else is read.
    /// </summary>
    public Task TakeTurn(CancellationToken cancel)
    {
        if (Database.CurrentTransaction is null) throw new InvalidOperationException("A turn lasts as long as a transaction");
        if (Database.IsSqlite()) return Task.CompletedTask; // a transaction begins with the only writer's lock
        return Database.ExecuteSqlAsync(
            $"""INSERT INTO locks ("Name", "Holder", "Token", "Until") VALUES ('turn', {Guid.Empty}, 1, 0) ON CONFLICT ("Name") DO UPDATE SET "Token" = locks."Token" + 1""",
            cancel);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox");
            row.HasKey(x => x.Id);
            row.Property(x => x.Id).ValueGeneratedNever();
            row.Ignore(x => x.Message).Ignore(x => x.SaidAt);
            row.HasIndex(x => new { x.SentAt, x.Position });
        });
        modelBuilder.Entity<InboxRow>(row =>
        {
            row.ToTable("inbox");
            row.HasKey(x => new { x.MessageId, x.Consumer });
            row.HasIndex(x => x.HandledAt);
        });
        modelBuilder.Entity<ParkedRow>(row =>
        {
            row.ToTable("parked");
            row.HasKey(x => new { x.MessageId, x.Consumer });
            row.Ignore(x => x.Message);
        });
        modelBuilder.Entity<AcknowledgedRow>(row =>
        {
            row.ToTable("acknowledged");
            row.HasKey(x => new { x.MessageId, x.Consumer });
        });
        modelBuilder.Entity<LockRow>(row =>
        {
            row.ToTable("locks");
            row.HasKey(x => x.Name);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));
}

/// <summary>
/// Lets <c>dotnet ef</c> make one migration set for SQLite and PostgreSQL: Npgsql is the provider at design time, because what it
/// generates runs on both. A module derives one class from it.
/// </summary>
public abstract class DesignTimeDb<TDb> : IDesignTimeDbContextFactory<TDb> where TDb : ModuleDb
{
    /// <inheritdoc/>
    public TDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<TDb>();
        options.UseNpgsql("Host=design-time-only");
        return (TDb)Activator.CreateInstance(typeof(TDb), options.Options)!;
    }
}
