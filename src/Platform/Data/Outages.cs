using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Ovation.Platform;

/// <summary>Tells what is broken for everybody and passes (a full disk, a busy or absent database) from what is wrong with one request.</summary>
public static class Outages
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Full = 13, CannotOpen = 14;

    // Classes and codes of PostgreSQL's appendix A: connection, authorisation (a role that is not there yet), no such database,
    // serialisation and deadlock, resources (connections, disk, memory), locks, cancelled or shut down, the server's own I/O.
    private static readonly string[] States = ["08", "28", "3D", "40", "53", "55P03", "57", "58"];

    /// <summary>True for what is worth trying again; a request answers 503.</summary>
    public static bool Is(Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is Busy or Locked or ReadOnly or IoError or Full or CannotOpen,
        PostgresException postgres => States.Any(state => postgres.SqlState.StartsWith(state, StringComparison.Ordinal)),
        NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or SocketException or TimeoutException } or TimeoutException or BlobsUnavailableException => true,
        DbUpdateException or InvalidOperationException => error.InnerException is { } inner && Is(inner),
        _ => false,
    };
}
