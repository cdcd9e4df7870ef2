using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Media.Migrations
{
    /// <inheritdoc />
    public partial class Indexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_uploads_CreatedAt",
                table: "uploads",
                column: "CreatedAt",
                filter: "\"Sha256\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_songs_LockedUntil",
                table: "songs",
                column: "LockedUntil",
                filter: "\"LockedUntil\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_uploads_CreatedAt",
                table: "uploads");

            migrationBuilder.DropIndex(
                name: "IX_songs_LockedUntil",
                table: "songs");
        }
    }
}
