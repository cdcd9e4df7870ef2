using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Payments.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "artists",
                columns: table => new
                {
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Handle = table.Column<string>(type: "text", nullable: false),
                    Contract = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_artists", x => x.ArtistId);
                });

            migrationBuilder.CreateTable(
                name: "authorisations",
                columns: table => new
                {
                    TabId = table.Column<string>(type: "text", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    Limit = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    Signature = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_authorisations", x => new { x.TabId, x.ArtistId });
                });

            migrationBuilder.CreateTable(
                name: "batch_items",
                columns: table => new
                {
                    RequestId = table.Column<Guid>(type: "uuid", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: false),
                    ListHash = table.Column<string>(type: "text", nullable: false),
                    List = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batch_items", x => new { x.RequestId, x.TabId });
                });

            migrationBuilder.CreateTable(
                name: "chain_requests",
                columns: table => new
                {
                    RequestId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Key = table.Column<string>(type: "text", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: true),
                    State = table.Column<string>(type: "text", nullable: false),
                    TxHash = table.Column<string>(type: "text", nullable: true),
                    GasUsed = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chain_requests", x => x.RequestId);
                });

            migrationBuilder.CreateTable(
                name: "chains",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    ChainId = table.Column<long>(type: "bigint", nullable: false),
                    Tabs = table.Column<string>(type: "text", nullable: false),
                    Token = table.Column<string>(type: "text", nullable: false),
                    Cashier = table.Column<string>(type: "text", nullable: false),
                    ChallengeSeconds = table.Column<long>(type: "bigint", nullable: false),
                    Embedded = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chains", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "entries",
                columns: table => new
                {
                    TabId = table.Column<string>(type: "text", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    Spent = table.Column<long>(type: "bigint", nullable: false),
                    Settled = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_entries", x => new { x.TabId, x.ArtistId });
                });

            migrationBuilder.CreateTable(
                name: "inbox",
                columns: table => new
                {
                    MessageId = table.Column<Guid>(type: "uuid", nullable: false),
                    Consumer = table.Column<string>(type: "text", nullable: false),
                    HandledAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_inbox", x => new { x.MessageId, x.Consumer });
                });

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    LeaseId = table.Column<Guid>(type: "uuid", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: false),
                    Digest = table.Column<string>(type: "text", nullable: false),
                    ListHash = table.Column<string>(type: "text", nullable: false),
                    PlaysRoot = table.Column<string>(type: "text", nullable: false),
                    SongId = table.Column<Guid>(type: "uuid", nullable: false),
                    ManifestHash = table.Column<string>(type: "text", nullable: false),
                    Rendition = table.Column<string>(type: "text", nullable: false),
                    FirstFrom = table.Column<long>(type: "bigint", nullable: false),
                    FirstTo = table.Column<long>(type: "bigint", nullable: false),
                    SecondFrom = table.Column<long>(type: "bigint", nullable: true),
                    SecondTo = table.Column<long>(type: "bigint", nullable: true),
                    Units = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_leases", x => x.LeaseId);
                });

            migrationBuilder.CreateTable(
                name: "licences",
                columns: table => new
                {
                    Contract = table.Column<string>(type: "text", nullable: false),
                    ChainSongId = table.Column<long>(type: "bigint", nullable: false),
                    Licensee = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_licences", x => new { x.Contract, x.ChainSongId, x.Licensee });
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Type = table.Column<string>(type: "text", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false),
                    Position = table.Column<long>(type: "bigint", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "bigint", nullable: false),
                    SentAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_outbox", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "paid_outs",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    Units = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_paid_outs", x => x.LogId);
                });

            migrationBuilder.CreateTable(
                name: "parked",
                columns: table => new
                {
                    MessageId = table.Column<Guid>(type: "uuid", nullable: false),
                    Consumer = table.Column<string>(type: "text", nullable: false),
                    Type = table.Column<string>(type: "text", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false),
                    Error = table.Column<string>(type: "text", nullable: false),
                    ParkedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_parked", x => new { x.MessageId, x.Consumer });
                });

            migrationBuilder.CreateTable(
                name: "pay_out_artists",
                columns: table => new
                {
                    RequestId = table.Column<Guid>(type: "uuid", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_out_artists", x => new { x.RequestId, x.ArtistId });
                });

            migrationBuilder.CreateTable(
                name: "settled_logs",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: false),
                    MergedHash = table.Column<string>(type: "text", nullable: false),
                    Delta = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settled_logs", x => x.LogId);
                });

            migrationBuilder.CreateTable(
                name: "settlement_requests",
                columns: table => new
                {
                    SettlementId = table.Column<Guid>(type: "uuid", nullable: false),
                    RequestId = table.Column<Guid>(type: "uuid", nullable: false),
                    OwnPayOut = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settlement_requests", x => new { x.SettlementId, x.RequestId });
                });

            migrationBuilder.CreateTable(
                name: "settlement_tabs",
                columns: table => new
                {
                    SettlementId = table.Column<Guid>(type: "uuid", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: false),
                    Before = table.Column<long>(type: "bigint", nullable: false),
                    Target = table.Column<long>(type: "bigint", nullable: false),
                    Units = table.Column<long>(type: "bigint", nullable: false),
                    Resolved = table.Column<bool>(type: "boolean", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settlement_tabs", x => new { x.SettlementId, x.TabId });
                });

            migrationBuilder.CreateTable(
                name: "settlements",
                columns: table => new
                {
                    SettlementId = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    ArtistId = table.Column<long>(type: "bigint", nullable: true),
                    State = table.Column<string>(type: "text", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settlements", x => x.SettlementId);
                });

            migrationBuilder.CreateTable(
                name: "songs",
                columns: table => new
                {
                    SongId = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    Handle = table.Column<string>(type: "text", nullable: false),
                    Contract = table.Column<string>(type: "text", nullable: false),
                    ChainSongId = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    ManifestHash = table.Column<string>(type: "text", nullable: false),
                    DurationMs = table.Column<long>(type: "bigint", nullable: false),
                    PricePerPlay = table.Column<long>(type: "bigint", nullable: false),
                    FormerPrice = table.Column<long>(type: "bigint", nullable: true),
                    PriceChangedAt = table.Column<long>(type: "bigint", nullable: true),
                    Renditions = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_songs", x => x.SongId);
                });

            migrationBuilder.CreateTable(
                name: "tabs",
                columns: table => new
                {
                    TabId = table.Column<string>(type: "text", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    Listener = table.Column<string>(type: "text", nullable: false),
                    Qx = table.Column<string>(type: "text", nullable: false),
                    Qy = table.Column<string>(type: "text", nullable: false),
                    Cashier = table.Column<string>(type: "text", nullable: false),
                    FeeBps = table.Column<int>(type: "integer", nullable: false),
                    Salt = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    TxHash = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    OpenedWith = table.Column<long>(type: "bigint", nullable: true),
                    Deposit = table.Column<long>(type: "bigint", nullable: false),
                    Settled = table.Column<long>(type: "bigint", nullable: false),
                    ClosesAt = table.Column<long>(type: "bigint", nullable: true),
                    Refunded = table.Column<long>(type: "bigint", nullable: true),
                    List = table.Column<byte[]>(type: "bytea", nullable: false),
                    Spent = table.Column<long>(type: "bigint", nullable: false),
                    PlaysRoot = table.Column<string>(type: "text", nullable: false),
                    Signature = table.Column<byte[]>(type: "bytea", nullable: false),
                    Digest = table.Column<string>(type: "text", nullable: false),
                    SettledList = table.Column<byte[]>(type: "bytea", nullable: false),
                    SettleWanted = table.Column<bool>(type: "boolean", nullable: false),
                    SettlingRequestId = table.Column<Guid>(type: "uuid", nullable: true),
                    Skips = table.Column<int>(type: "integer", nullable: false),
                    ClosingRequestId = table.Column<Guid>(type: "uuid", nullable: true),
                    FinishingRequestId = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tabs", x => x.TabId);
                });

            migrationBuilder.CreateTable(
                name: "top_ups",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: false),
                    Units = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_top_ups", x => x.LogId);
                });

            migrationBuilder.CreateTable(
                name: "withdrawals",
                columns: table => new
                {
                    TxHash = table.Column<string>(type: "text", nullable: false),
                    Payee = table.Column<string>(type: "text", nullable: false),
                    To = table.Column<string>(type: "text", nullable: false),
                    Amount = table.Column<long>(type: "bigint", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_withdrawals", x => new { x.TxHash, x.Payee, x.To, x.Amount });
                });

            migrationBuilder.CreateIndex(
                name: "IX_artists_AccountId",
                table: "artists",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_batch_items_TabId_ListHash",
                table: "batch_items",
                columns: new[] { "TabId", "ListHash" });

            migrationBuilder.CreateIndex(
                name: "IX_chain_requests_Key",
                table: "chain_requests",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_entries_ArtistId_TabId",
                table: "entries",
                columns: new[] { "ArtistId", "TabId" });

            migrationBuilder.CreateIndex(
                name: "IX_inbox_HandledAt",
                table: "inbox",
                column: "HandledAt");

            migrationBuilder.CreateIndex(
                name: "IX_leases_Digest",
                table: "leases",
                column: "Digest",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_leases_TabId_ListHash",
                table: "leases",
                columns: new[] { "TabId", "ListHash" });

            migrationBuilder.CreateIndex(
                name: "IX_outbox_SentAt_Position",
                table: "outbox",
                columns: new[] { "SentAt", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_paid_outs_ArtistId",
                table: "paid_outs",
                column: "ArtistId");

            migrationBuilder.CreateIndex(
                name: "IX_pay_out_artists_ArtistId",
                table: "pay_out_artists",
                column: "ArtistId");

            migrationBuilder.CreateIndex(
                name: "IX_settlement_requests_RequestId",
                table: "settlement_requests",
                column: "RequestId");

            migrationBuilder.CreateIndex(
                name: "IX_settlement_tabs_TabId_Resolved",
                table: "settlement_tabs",
                columns: new[] { "TabId", "Resolved" });

            migrationBuilder.CreateIndex(
                name: "IX_settlements_AccountId_CreatedAt",
                table: "settlements",
                columns: new[] { "AccountId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tabs_AccountId_CreatedAt",
                table: "tabs",
                columns: new[] { "AccountId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tabs_SettleWanted",
                table: "tabs",
                column: "SettleWanted",
                filter: "\"SettleWanted\"");

            migrationBuilder.CreateIndex(
                name: "IX_tabs_SettlingRequestId",
                table: "tabs",
                column: "SettlingRequestId");

            migrationBuilder.CreateIndex(
                name: "IX_tabs_Spent",
                table: "tabs",
                column: "Spent",
                filter: "\"Spent\" > \"Settled\"");

            migrationBuilder.CreateIndex(
                name: "IX_tabs_State",
                table: "tabs",
                column: "State",
                filter: "\"State\" = 'Closing'");

            migrationBuilder.CreateIndex(
                name: "IX_top_ups_TabId",
                table: "top_ups",
                column: "TabId");

            migrationBuilder.CreateIndex(
                name: "IX_withdrawals_ArtistId",
                table: "withdrawals",
                column: "ArtistId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "artists");

            migrationBuilder.DropTable(
                name: "authorisations");

            migrationBuilder.DropTable(
                name: "batch_items");

            migrationBuilder.DropTable(
                name: "chain_requests");

            migrationBuilder.DropTable(
                name: "chains");

            migrationBuilder.DropTable(
                name: "entries");

            migrationBuilder.DropTable(
                name: "inbox");

            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "licences");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "paid_outs");

            migrationBuilder.DropTable(
                name: "parked");

            migrationBuilder.DropTable(
                name: "pay_out_artists");

            migrationBuilder.DropTable(
                name: "settled_logs");

            migrationBuilder.DropTable(
                name: "settlement_requests");

            migrationBuilder.DropTable(
                name: "settlement_tabs");

            migrationBuilder.DropTable(
                name: "settlements");

            migrationBuilder.DropTable(
                name: "songs");

            migrationBuilder.DropTable(
                name: "tabs");

            migrationBuilder.DropTable(
                name: "top_ups");

            migrationBuilder.DropTable(
                name: "withdrawals");
        }
    }
}
