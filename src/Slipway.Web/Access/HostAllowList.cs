using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access;

/// <summary>
/// The names under which a server answers. A browser that was led to a loopback address under a foreign name (DNS rebinding) sends that
/// name in <c>Host</c> and is turned away.
/// </summary>
public sealed class HostAllowList
{
    private readonly HashSet<string> _names;

    /// <summary>Takes host names without port; IPv6 addresses in brackets; <c>*</c> allows every name (behind a platform that checks).</summary>
    public HostAllowList(IEnumerable<string> names) => _names = names.ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a server on one machine answers to.</summary>
    public static HostAllowList Loopback { get; } = new(["localhost", "127.0.0.1", "[::1]"]);

    /// <summary>Whether the request's <c>Host</c> is one of the names; the port does not matter.</summary>
    public bool Allows(HostString host) => _names.Contains("*") || (host.HasValue && _names.Contains(host.Host));
}
