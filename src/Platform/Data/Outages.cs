using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Ovation.Platform;

/// <summary>Tells what is broken for everybody and passes (a full disk, a busy or absent database) from what is wrong with one request.</summary>
public static class Outages
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Full = 13, CannotOpen = 14;

    /// <summary>True when trying the same again later may succeed.</summary>
    public static bool Is(Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is Busy or Locked or ReadOnly or IoError or Full or CannotOpen,
        Npgsql.NpgsqlException { IsTransient: true } or TimeoutException or BlobsUnavailableException => true,
        DbUpdateException or InvalidOperationException => error.InnerException is { } inner && Is(inner),
        _ => false,
    };
}
