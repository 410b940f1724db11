using System.Net;
using System.Net.Sockets;

namespace Slipway.Embedded.Http;

/// <summary>
/// Addresses that are not of the public internet: this machine, private and shared networks, link-local (with the clouds' metadata services),
/// multicast, reserved, documentation and benchmark ranges, and Azure's own platform address; in IPv6 also those that hold such an IPv4 address.
/// Source: the special-purpose address registries of IANA (RFC 6890 and its updates).
/// </summary>
public static class PrivateAddresses
{
    private static readonly IPNetwork[] Ranges =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
            "::/127", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ]).Select(range => IPNetwork.Parse(range)),
    ];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    /// <summary>Whether an address is one of them.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (Array.Exists(Ranges, range => range.Contains(address))) return true;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return false;
        var bytes = address.GetAddressBytes();
        return (Translated.Contains(address) || Compatible.Contains(address)) && Contains(new IPAddress(bytes.AsSpan(12)))
            || SixToFour.Contains(address) && Contains(new IPAddress(bytes.AsSpan(2, 4)));
    }
}
