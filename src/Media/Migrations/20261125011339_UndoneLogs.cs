using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Media.Migrations
{
    /// <inheritdoc />
    public partial class UndoneLogs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "CatalogVersion",
                table: "songs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "CatalogVersion",
                table: "songs");
        }
    }
}
