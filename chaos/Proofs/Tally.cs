using Npgsql;
using Ovation.Chaos.Crowds;

namespace Ovation.Chaos.Proofs;

/// <summary>What the proofs read from, and how they say what they found.</summary>
internal sealed class Tally(World world, NpgsqlDataSource database)
{
    /// <summary>The modules that have a schema.</summary>
    public static readonly string[] Schemas = ["gateway", "identity", "artists", "catalog", "media", "payments", "chain"];

    public World World => world;

    public Ledger Ledger => world.Ledger;

    /// <summary>A line for what held, or what is broken.</summary>
    public void Holds(bool it, string what)
    {
        if (it) Console.WriteLine($"  ✓ {what}");
        else Ledger.Break($"does not hold: {what}");
    }

    /// <summary>Several of one kind: those that are wrong one by one, the others as a count.</summary>
    public void HoldsForEach<T>(IReadOnlyCollection<T> all, string what, Func<T, string?> wrong)
    {
        var held = 0;
        foreach (var one in all)
        {
            if (wrong(one) is { } how) Ledger.Break($"{what}: {how}");
            else held++;
        }
        if (held == all.Count) Console.WriteLine($"  ✓ {what}: {held}");
    }

    public void Same(long actual, long expected, string what) => Holds(actual == expected, $"{what}: {actual}{(actual == expected ? "" : $", not {expected}")}");

    public async Task<long> Number(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task<List<object[]>> Rows(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }
}
