using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Chain.Migrations
{
    /// <inheritdoc />
    public partial class Facts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "facts",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    Log = table.Column<string>(type: "text", nullable: false),
                    TxHash = table.Column<string>(type: "text", nullable: false),
                    Type = table.Column<string>(type: "text", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false),
                    Block = table.Column<long>(type: "bigint", nullable: false),
                    DoubtedUntil = table.Column<long>(type: "bigint", nullable: true),
                    Undone = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_facts", x => x.LogId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_facts_Block",
                table: "facts",
                column: "Block");

            migrationBuilder.CreateIndex(
                name: "IX_facts_DoubtedUntil",
                table: "facts",
                column: "DoubtedUntil",
                filter: "\"DoubtedUntil\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_facts_Undone",
                table: "facts",
                column: "Undone",
                filter: "\"Undone\"");

            // What was said and not delivered yet had no id of its log; every such text ends with its transaction's hash.
            migrationBuilder.Sql("""
                UPDATE outbox SET "Json" = substr("Json", 1, length("Json") - 1) || ',"LogId":"' || substr("Json", length("Json") - 67, 66) || ':'
                || CASE "Type" WHEN 'ArtistDeployed' THEN 'ArtistRegistered' WHEN 'SongWritten' THEN 'SongPublished' WHEN 'FundsWithdrawn' THEN 'Withdrawn'
                   WHEN 'TabCloseAnnounced' THEN 'CloseAnnounced' WHEN 'TabSettlementSkipped' THEN 'Skipped' ELSE "Type" END
                || ':' || (SELECT COUNT(*) FROM outbox AS o WHERE o."Type" = outbox."Type" AND o."Position" <= outbox."Position"
                   AND substr(o."Json", length(o."Json") - 67, 66) = substr(outbox."Json", length(outbox."Json") - 67, 66)) || '"}'
                WHERE "SentAt" IS NULL AND "Json" NOT LIKE '%"LogId":%'
                AND "Type" IN ('ArtistDeployed', 'SongWritten', 'LicenceGranted', 'FundsWithdrawn', 'TabOpened', 'TabCloseAnnounced', 'TabClosed', 'TabSettlementSkipped');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "facts");
        }
    }
}
