using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class UndoneLogs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "WrittenBy",
                table: "songs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Active",
                table: "artists",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<long>(
                name: "Version",
                table: "artists",
                type: "bigint",
                nullable: false,
                defaultValue: 1L);

            migrationBuilder.CreateTable(
                name: "written_logs",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    Contract = table.Column<string>(type: "text", nullable: false),
                    ManifestHash = table.Column<string>(type: "text", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false),
                    Undone = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_written_logs", x => x.LogId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_songs_WrittenBy",
                table: "songs",
                column: "WrittenBy");

            migrationBuilder.CreateIndex(
                name: "IX_written_logs_Contract_ManifestHash",
                table: "written_logs",
                columns: new[] { "Contract", "ManifestHash" });

            migrationBuilder.Sql("""
                UPDATE songs SET "WrittenBy" = "TxHash" || ':SongPublished:1' WHERE "ChainSongId" IS NOT NULL;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "written_logs");

            migrationBuilder.DropIndex(
                name: "IX_songs_WrittenBy",
                table: "songs");

            migrationBuilder.DropColumn(
                name: "WrittenBy",
                table: "songs");

            migrationBuilder.DropColumn(
                name: "Active",
                table: "artists");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "artists");
        }
    }
}
