using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ovation.Chain.Migrations
{
    /// <inheritdoc />
    public partial class Relaying : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "GasBooked",
                table: "intents",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Wallet",
                table: "intents",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "gas_turns",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Taken = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gas_turns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "transactions",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "text", nullable: false),
                    RequestId = table.Column<Guid>(type: "uuid", nullable: false),
                    Sender = table.Column<string>(type: "text", nullable: false),
                    Nonce = table.Column<long>(type: "bigint", nullable: false),
                    Raw = table.Column<byte[]>(type: "bytea", nullable: false),
                    SignedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_transactions", x => x.Hash);
                });

            migrationBuilder.InsertData(
                table: "gas_turns",
                columns: new[] { "Id", "Taken" },
                values: new object[] { 1, 0L });

            migrationBuilder.Sql(
                """
                INSERT INTO transactions ("Hash", "RequestId", "Sender", "Nonce", "Raw", "SignedAt")
                SELECT "TxHash", "RequestId", "Sender", "Nonce", "Raw", "CreatedAt" FROM intents WHERE "Raw" IS NOT NULL;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_intents_CreatedAt",
                table: "intents",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_intents_Wallet_CreatedAt",
                table: "intents",
                columns: new[] { "Wallet", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_transactions_RequestId",
                table: "transactions",
                column: "RequestId");

            migrationBuilder.CreateIndex(
                name: "IX_transactions_Sender_Nonce",
                table: "transactions",
                columns: new[] { "Sender", "Nonce" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "gas_turns");

            migrationBuilder.DropTable(
                name: "transactions");

            migrationBuilder.DropIndex(
                name: "IX_intents_CreatedAt",
                table: "intents");

            migrationBuilder.DropIndex(
                name: "IX_intents_Wallet_CreatedAt",
                table: "intents");

            migrationBuilder.DropColumn(
                name: "GasBooked",
                table: "intents");

            migrationBuilder.DropColumn(
                name: "Wallet",
                table: "intents");
        }
    }
}
