using Microsoft.EntityFrameworkCore;
using Ovation.Gateway.Sessions;
using Ovation.Platform;

namespace Ovation.Gateway;

internal sealed class GatewayDb(DbContextOptions<GatewayDb> options) : ModuleDb(options)
{
    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SessionToken> Tokens => Set<SessionToken>();

    public DbSet<SpentTicket> SpentTickets => Set<SpentTicket>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Session>(session =>
        {
            session.ToTable("sessions");
            session.HasKey(x => x.Id);
            session.Property(x => x.Id).ValueGeneratedNever();
            session.HasIndex(x => x.AccountId);
            session.HasIndex(x => x.ExpiresAt);
            session.HasIndex(x => x.RevokedAt).HasFilter("\"RevokedAt\" IS NOT NULL");
        });
        modelBuilder.Entity<SessionToken>(token =>
        {
            token.ToTable("session_tokens");
            token.HasKey(x => x.Hash);
            token.HasOne<Session>().WithMany().HasForeignKey(x => x.SessionId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<SpentTicket>(ticket =>
        {
            ticket.ToTable("spent_tickets");
            ticket.HasKey(x => x.Id);
            ticket.Property(x => x.Id).ValueGeneratedNever();
            ticket.HasIndex(x => x.ExpiresAt);
        });
    }
}

internal sealed class GatewayDbDesign : DesignTimeDb<GatewayDb>;
