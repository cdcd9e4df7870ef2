using System.Net;
using System.Net.Sockets;

namespace Ovation.Fleet.Tests;

/// <summary>Where the servers of these tests listen.</summary>
internal static class Loopback
{
    /// <summary>A port nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
