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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "facts");
        }
    }
}
