using Ovation.Platform.Tests.Data;

namespace Ovation.Fleet.Tests.Database;

public sealed class PostgresWorkerLockTests(Postgres postgres) : WorkerLockTests
{
    protected override async Task<IReadOnlyDictionary<string, string>> Variables() => await postgres.NewDatabase();
}
