using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Artists.Migrations
{
    /// <inheritdoc />
    public partial class UndoneLogs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "DeployedBy",
                table: "artists",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Version",
                table: "artists",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "deployed_logs",
                columns: table => new
                {
                    LogId = table.Column<string>(type: "text", nullable: false),
                    Undone = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deployed_logs", x => x.LogId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_artists_DeployedBy",
                table: "artists",
                column: "DeployedBy");

            migrationBuilder.Sql("""
                UPDATE artists SET "Version" = 1, "DeployedBy" = "TxHash" || ':ArtistRegistered:1' WHERE "State" = 'Active';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deployed_logs");

            migrationBuilder.DropIndex(
                name: "IX_artists_DeployedBy",
                table: "artists");

            migrationBuilder.DropColumn(
                name: "DeployedBy",
                table: "artists");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "artists");
        }
    }
}
