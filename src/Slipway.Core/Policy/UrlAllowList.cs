using System.Net;

namespace Slipway.Core.Policy;

/// <summary>The URLs that a server may call on behalf of a request: those that match one of the patterns.</summary>
/// <param name="Patterns">The patterns; empty allows nothing.</param>
public sealed record UrlAllowList(IReadOnlyList<UrlPattern> Patterns)
{
    /// <summary>Only this machine: <c>localhost</c>, 127.0.0.0/8 and <c>::1</c>, any port and path.</summary>
    public static UrlAllowList LoopbackOnly { get; } = new([UrlPattern.Loopback]);

    /// <summary>The hosts that patterns name themselves, and not by their domain: only these may be in a private network, where a server refuses that.</summary>
    public IReadOnlyList<string> Names => [.. Patterns.Select(pattern => pattern.Host).Where(host => host.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether a URL may be called. URLs that are not absolute, not http or https, or carry a user name never may.</summary>
    public bool Allows(Uri url) =>
        IsCallable(url) && Patterns.Any(pattern => pattern.Matches(url));

    /// <summary>Whether a URL has a form that may be called by some server: absolute, http or https, without a user name.</summary>
    public static bool IsCallable(Uri url) => url is { IsAbsoluteUri: true, UserInfo.Length: 0 } && url.Scheme is "http" or "https";
}

/// <summary>
/// One pattern: <c>loopback</c>, or <c>scheme://host[:port][/path]</c>. The host may start with <c>*.</c> (any subdomain, not the domain
/// itself); the port may be <c>*</c> (left out: the scheme's own); the path is a prefix of whole segments, and then a URL with an
/// escaped slash, backslash, dot or percent sign in its path does not match.
/// </summary>
public sealed record UrlPattern
{
    private readonly string _scheme = "";
    private readonly string _host = "";
    private readonly int? _port;
    private readonly string _path = "/";

    private UrlPattern(string text) => Text = text;

    private UrlPattern(string text, Uri parsed, bool anyPort)
    {
        Text = text;
        _scheme = parsed.Scheme;
        _host = parsed.IdnHost.StartsWith("any-subdomain.", StringComparison.Ordinal) ? parsed.IdnHost["any-subdomain".Length..] : parsed.IdnHost;
        _port = anyPort ? null : parsed.Port;
        _path = parsed.AbsolutePath.TrimEnd('/') + "/";
    }

    /// <summary>This machine, over http or https, any port and path.</summary>
    public static UrlPattern Loopback { get; } = new("loopback");

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>The host that it names; empty where it stands for several.</summary>
    public string Host => _host.StartsWith('.') ? "" : _host;

    /// <summary>Reads a pattern; null when the text does not have the form described on the type.</summary>
    public static UrlPattern? TryParse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed == "loopback")
            return Loopback;
        var anyPort = trimmed.Contains(":*", StringComparison.Ordinal);
        var plain = (trimmed.EndsWith("/*", StringComparison.Ordinal) ? trimmed[..^1] : trimmed)
            .Replace(":*", "", StringComparison.Ordinal)
            .Replace("://*.", "://any-subdomain.", StringComparison.Ordinal);
        return !plain.Contains('*') && Uri.TryCreate(plain, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            && parsed is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0, Host.Length: > 0 }
                ? new UrlPattern(trimmed, parsed, anyPort)
                : null;
    }

    /// <summary>Whether an absolute URL matches.</summary>
    public bool Matches(Uri url)
    {
        if (this == Loopback)
            return IsLoopback(url);
        var host = _host.StartsWith('.')
            ? url.IdnHost.EndsWith(_host, StringComparison.OrdinalIgnoreCase) && url.IdnHost.Length > _host.Length
            : string.Equals(url.IdnHost, _host, StringComparison.OrdinalIgnoreCase);
        return host && url.Scheme == _scheme && (_port is null || url.Port == _port)
            && (url.AbsolutePath + "/").StartsWith(_path, StringComparison.Ordinal) && (_path == "/" || IsPlain(url.AbsolutePath));
    }

    /// <summary>Whether every server reads a path as the same path: what one decodes once more, or cuts parameters from, may lead out of the folder
    /// that a pattern names.</summary>
    private static bool IsPlain(string path) =>
        !path.Contains('\\') && path.Split('/').All(segment => !Holds(segment, "%2f") && !Holds(segment, "%5c") && !Holds(segment, "%25") && !Holds(segment, "%2e") && !segment.StartsWith("..", StringComparison.Ordinal));

    private static bool Holds(string segment, string escape) => segment.Contains(escape, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool IsLoopback(Uri url) =>
        string.Equals(url.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
