using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Media.Migrations
{
    /// <inheritdoc />
    public partial class SharedUploads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "Writer",
                table: "uploads",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "WriterUntil",
                table: "uploads",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "upload_parts",
                columns: table => new
                {
                    UploadId = table.Column<Guid>(type: "uuid", nullable: false),
                    Offset = table.Column<long>(type: "bigint", nullable: false),
                    Length = table.Column<int>(type: "integer", nullable: false),
                    Key = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_upload_parts", x => new { x.UploadId, x.Offset });
                    table.ForeignKey(
                        name: "FK_upload_parts_uploads_UploadId",
                        column: x => x.UploadId,
                        principalTable: "uploads",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "upload_parts");

            migrationBuilder.DropColumn(
                name: "Writer",
                table: "uploads");

            migrationBuilder.DropColumn(
                name: "WriterUntil",
                table: "uploads");
        }
    }
}
