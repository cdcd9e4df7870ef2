using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Chain.Migrations
{
    /// <inheritdoc />
    public partial class SenderLocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "ExpiresAt",
                table: "senders",
                newName: "CountedAt");

            migrationBuilder.DropColumn(
                name: "Holder",
                table: "senders");

            migrationBuilder.DropColumn(
                name: "Token",
                table: "senders");

            migrationBuilder.CreateIndex(
                name: "IX_intents_Block",
                table: "intents",
                column: "Block");

            migrationBuilder.CreateIndex(
                name: "IX_facts_TxHash",
                table: "facts",
                column: "TxHash");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_intents_Block",
                table: "intents");

            migrationBuilder.DropIndex(
                name: "IX_facts_TxHash",
                table: "facts");

            migrationBuilder.RenameColumn(
                name: "CountedAt",
                table: "senders",
                newName: "ExpiresAt");

            migrationBuilder.AddColumn<Guid>(
                name: "Holder",
                table: "senders",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<long>(
                name: "Token",
                table: "senders",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);
        }
    }
}
