using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Chain.Migrations
{
    /// <inheritdoc />
    public partial class IntentTraces : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "TraceParent",
                table: "intents",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "TraceParent",
                table: "intents");
        }
    }
}
