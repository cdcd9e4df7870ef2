using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class Indexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_songs_AccountId_Position",
                table: "songs",
                columns: new[] { "AccountId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_songs_Handle_Position",
                table: "songs",
                columns: new[] { "Handle", "Position" });

            // Words are searched for anywhere in the text; SQLite reads it through, PostgreSQL has an index for that.
            if (migrationBuilder.ActiveProvider != "Npgsql.EntityFrameworkCore.PostgreSQL") return;
            migrationBuilder.Sql("CREATE EXTENSION IF NOT EXISTS pg_trgm;");
            migrationBuilder.Sql("""CREATE INDEX "IX_songs_SearchText" ON songs USING gin ("SearchText" gin_trgm_ops) WHERE "State" = 'Published';""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            if (migrationBuilder.ActiveProvider == "Npgsql.EntityFrameworkCore.PostgreSQL") migrationBuilder.Sql("""DROP INDEX "IX_songs_SearchText";""");

            migrationBuilder.DropIndex(
                name: "IX_songs_AccountId_Position",
                table: "songs");

            migrationBuilder.DropIndex(
                name: "IX_songs_Handle_Position",
                table: "songs");
        }
    }
}
