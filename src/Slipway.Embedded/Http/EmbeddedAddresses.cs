using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Embedded.Http;

/// <summary>
/// The IPv4 addresses that an IPv6 address can lead to, by the forms that carry one: IPv4-mapped, -compatible and -translated, NAT64 with its
/// well-known prefix (RFC 6052) and with local ones (RFC 8215), 6to4 (RFC 3056), Teredo (RFC 4380) and ISATAP (RFC 5214).
/// </summary>
public static class EmbeddedAddresses
{
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork WellKnown = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Local = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <summary>The address itself, without its zone, and what it holds; of a mapped one the IPv4 address alone.</summary>
    public static IReadOnlyList<IPAddress> Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return [address];
        // The socket sends to the IPv4 address itself.
        if (address.IsIPv4MappedToIPv6) return [address.MapToIPv4()];
        var bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes);
        return [plain, .. Held(plain, bytes)];
    }

    private static IEnumerable<IPAddress> Held(IPAddress address, byte[] bytes)
    {
        // The loopback and the unspecified address look like compatible ones, and hold nothing.
        if (Translated.Contains(address) || WellKnown.Contains(address) || (Compatible.Contains(address) && !IsShort(bytes)))
            yield return At(bytes, 12);
        if (Local.Contains(address))
        {
            // A network chooses the length of its prefix, and with it the place: behind /96 it is the last one; the others jump over byte 8. Where a
            // place is empty, there is none in it.
            yield return At(bytes, 12);
            byte[][] others = [[bytes[6], bytes[7], bytes[9], bytes[10]], [bytes[7], bytes[9], bytes[10], bytes[11]], [bytes[9], bytes[10], bytes[11], bytes[12]]];
            foreach (var other in others.Where(other => other[0] != 0)) yield return new IPAddress(other);
        }

        if (SixToFour.Contains(address)) yield return At(bytes, 2);
        if (Teredo.Contains(address))
        {
            yield return At(bytes, 4);
            yield return new IPAddress([.. bytes[12..].Select(part => (byte)~part)]);
        }

        // The interface's part of any network's address.
        if ((bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe) yield return At(bytes, 12);
    }

    private static bool IsShort(byte[] bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(12)) <= 1;

    private static IPAddress At(byte[] bytes, int start) => new(bytes.AsSpan(start, 4));
}
