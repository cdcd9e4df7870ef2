using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Ovation.Platform;

/// <summary>The address limits are counted by.</summary>
public static class ClientAddress
{
    /// <summary>IPv4 whole, IPv6 by its /64, because one subscriber owns all of it.</summary>
    public static string Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
