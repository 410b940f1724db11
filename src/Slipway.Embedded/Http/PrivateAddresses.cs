using System.Net;

namespace Slipway.Embedded.Http;

/// <summary>
/// Addresses that are not of the public internet: this machine, private and shared networks, link-local (with the clouds' metadata services),
/// multicast, reserved, documentation and benchmark ranges, and Azure's own platform address; in IPv6 also those that hold such an IPv4 address
/// (<see cref="EmbeddedAddresses"/>). Source: the special-purpose address registries of IANA (RFC 6890 and its updates).
/// </summary>
public static class PrivateAddresses
{
    private static readonly IPNetwork[] Ranges = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        "::/127", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8");

    // Whoever answers here hands out credentials, or is the machine itself: Azure's metadata service and its platform address, those of AWS, Google,
    // Oracle, Alibaba and Scaleway, which are not all link-local; the unspecified addresses lead to this machine too.
    private static readonly IPNetwork[] Refused = Networks(
        "169.254.0.0/16", "fe80::/10", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32",
        "fd00:ec2::254/128", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128", "fd00:42::42/128",
        "224.0.0.0/4", "255.255.255.255/32", "ff00::/8");

    private static readonly IPNetwork[] ThisMachine = Networks("127.0.0.0/8", "0.0.0.0/8", "::/127");

    /// <summary>Whether an address is one of them.</summary>
    public static bool Contains(IPAddress address) => Any(Ranges, address);

    /// <summary>Whether an address is this machine's own: loopback or unspecified.</summary>
    public static bool IsThisMachine(IPAddress address) => Any(ThisMachine, address);

    /// <summary>Whether an address is one that no request may reach, whoever names it: a metadata service, link-local or multicast.</summary>
    public static bool IsRefused(IPAddress address) => Any(Refused, address);

    private static bool Any(IPNetwork[] networks, IPAddress address) =>
        EmbeddedAddresses.Of(address).Any(one => Array.Exists(networks, network => network.Contains(one)));

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(text => IPNetwork.Parse(text))];
}
