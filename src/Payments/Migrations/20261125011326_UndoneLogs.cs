using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Payments.Migrations
{
    /// <inheritdoc />
    public partial class UndoneLogs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(name: "Published", table: "songs", type: "boolean", nullable: false, defaultValue: true);
            migrationBuilder.AddColumn<byte[]>(name: "List", table: "settled_logs", type: "bytea", nullable: true);
            migrationBuilder.AddColumn<bool>(name: "Undone", table: "settled_logs", type: "boolean", nullable: false, defaultValue: false);
            migrationBuilder.AddColumn<bool>(name: "Undone", table: "paid_outs", type: "boolean", nullable: false, defaultValue: false);
            migrationBuilder.CreateIndex(name: "IX_settled_logs_TabId", table: "settled_logs", column: "TabId");
            migrationBuilder.Sql("""
                UPDATE settled_logs SET "List" = (SELECT b."List" FROM batch_items AS b
                WHERE b."TabId" = settled_logs."TabId" AND b."ListHash" = settled_logs."MergedHash" LIMIT 1);
                """);

            migrationBuilder.CreateTable(
                name: "known_artists",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    Handle = table.Column<string>(type: "text", nullable: false),
                    Contract = table.Column<string>(type: "text", nullable: false),
                    Active = table.Column<bool>(type: "boolean", nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table => table.PrimaryKey("PK_known_artists", x => x.AccountId));
            migrationBuilder.CreateIndex(name: "IX_known_artists_ArtistId", table: "known_artists", column: "ArtistId");
            migrationBuilder.Sql("""
                INSERT INTO known_artists ("AccountId", "ArtistId", "Handle", "Contract", "Active", "Version")
                SELECT "AccountId", "ArtistId", "Handle", "Contract", true, 1 FROM artists;
                """);
            migrationBuilder.DropTable(name: "artists");

            // New tables by log, filled with what the old ones knew under the ids that Chain gives these logs.
            migrationBuilder.CreateTable(
                name: "tab_logs",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Value = table.Column<long>(type: "bigint", nullable: false),
                    Undone = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table => table.PrimaryKey("PK_tab_logs", x => x.LogId));
            migrationBuilder.CreateIndex(name: "IX_tab_logs_TabId", table: "tab_logs", column: "TabId");
            migrationBuilder.Sql("""
                INSERT INTO tab_logs ("LogId", "TabId", "Kind", "Value", "Undone")
                SELECT "LogId", "TabId", 'ToppedUp', "Units", false FROM top_ups;
                """);
            migrationBuilder.Sql("""
                INSERT INTO tab_logs ("LogId", "TabId", "Kind", "Value", "Undone")
                SELECT "TxHash" || ':TabOpened:' || ROW_NUMBER() OVER (PARTITION BY "TxHash" ORDER BY "TabId"), "TabId", 'Opened', "OpenedWith", false
                FROM tabs WHERE "OpenedWith" IS NOT NULL AND "TxHash" IS NOT NULL;
                """);
            migrationBuilder.DropTable(name: "top_ups");
            // A close that was refused is no longer asked for.
            migrationBuilder.Sql("""
                UPDATE tabs SET "ClosingRequestId" = NULL WHERE "State" = 'Open';
                """);

            migrationBuilder.CreateTable(
                name: "withdrawn",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    Amount = table.Column<long>(type: "bigint", nullable: false),
                    Undone = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table => table.PrimaryKey("PK_withdrawn", x => x.LogId));
            migrationBuilder.CreateIndex(name: "IX_withdrawn_ArtistId", table: "withdrawn", column: "ArtistId");
            migrationBuilder.Sql("""
                INSERT INTO withdrawn ("LogId", "ArtistId", "Amount", "Undone")
                SELECT "TxHash" || ':Withdrawn:' || ROW_NUMBER() OVER (PARTITION BY "TxHash" ORDER BY "Payee", "To", "Amount"), "ArtistId", "Amount", false FROM withdrawals;
                """);
            migrationBuilder.DropTable(name: "withdrawals");

            migrationBuilder.CreateTable(
                name: "licence_grants",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    Contract = table.Column<string>(type: "text", nullable: false),
                    ChainSongId = table.Column<long>(type: "bigint", nullable: false),
                    Licensee = table.Column<string>(type: "text", nullable: false),
                    Undone = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table => table.PrimaryKey("PK_licence_grants", x => x.LogId));
            migrationBuilder.CreateIndex(
                name: "IX_licence_grants_Contract_ChainSongId_Licensee", table: "licence_grants", columns: ["Contract", "ChainSongId", "Licensee"]);
            migrationBuilder.Sql("""
                INSERT INTO licence_grants ("LogId", "Contract", "ChainSongId", "Licensee", "Undone")
                SELECT 'before logs were kept:' || "Contract" || ':' || "ChainSongId" || ':' || "Licensee", "Contract", "ChainSongId", "Licensee", false FROM licences;
                """);
            migrationBuilder.DropTable(name: "licences");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "top_ups",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    TabId = table.Column<string>(type: "text", nullable: false),
                    Units = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table => table.PrimaryKey("PK_top_ups", x => x.LogId));
            migrationBuilder.CreateIndex(name: "IX_top_ups_TabId", table: "top_ups", column: "TabId");
            migrationBuilder.Sql("""
                INSERT INTO top_ups ("LogId", "TabId", "Units") SELECT "LogId", "TabId", "Value" FROM tab_logs WHERE "Kind" = 'ToppedUp' AND NOT "Undone";
                """);
            migrationBuilder.DropTable(name: "tab_logs");

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
                constraints: table => table.PrimaryKey("PK_withdrawals", x => new { x.TxHash, x.Payee, x.To, x.Amount }));
            migrationBuilder.CreateIndex(name: "IX_withdrawals_ArtistId", table: "withdrawals", column: "ArtistId");
            migrationBuilder.Sql("""
                INSERT INTO withdrawals ("TxHash", "Payee", "To", "Amount", "ArtistId") SELECT "LogId", '', '', "Amount", "ArtistId" FROM withdrawn WHERE NOT "Undone";
                """);
            migrationBuilder.DropTable(name: "withdrawn");

            migrationBuilder.CreateTable(
                name: "licences",
                columns: table => new
                {
                    Contract = table.Column<string>(type: "text", nullable: false),
                    ChainSongId = table.Column<long>(type: "bigint", nullable: false),
                    Licensee = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table => table.PrimaryKey("PK_licences", x => new { x.Contract, x.ChainSongId, x.Licensee }));
            migrationBuilder.Sql("""
                INSERT INTO licences ("Contract", "ChainSongId", "Licensee") SELECT DISTINCT "Contract", "ChainSongId", "Licensee" FROM licence_grants WHERE NOT "Undone";
                """);
            migrationBuilder.DropTable(name: "licence_grants");

            migrationBuilder.DropIndex(name: "IX_settled_logs_TabId", table: "settled_logs");
            migrationBuilder.DropColumn(name: "Published", table: "songs");
            migrationBuilder.DropColumn(name: "List", table: "settled_logs");
            migrationBuilder.DropColumn(name: "Undone", table: "settled_logs");
            migrationBuilder.DropColumn(name: "Undone", table: "paid_outs");

            migrationBuilder.CreateTable(
                name: "artists",
                columns: table => new
                {
                    ArtistId = table.Column<long>(type: "bigint", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Handle = table.Column<string>(type: "text", nullable: false),
                    Contract = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table => table.PrimaryKey("PK_artists", x => x.ArtistId));
            migrationBuilder.CreateIndex(name: "IX_artists_AccountId", table: "artists", column: "AccountId");
            migrationBuilder.Sql("""
                INSERT INTO artists ("ArtistId", "AccountId", "Handle", "Contract") SELECT "ArtistId", "AccountId", "Handle", "Contract" FROM known_artists WHERE "Active";
                """);
            migrationBuilder.DropTable(name: "known_artists");
        }
    }
}
