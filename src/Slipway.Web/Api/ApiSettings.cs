using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Web.Access;

namespace Slipway.Web.Api;

/// <summary>What a host decides about its API.</summary>
public sealed record ApiSettings
{
    /// <summary>The names under which the server answers. Default: loopback.</summary>
    public HostAllowList Hosts { get; init; } = HostAllowList.Loopback;

    /// <summary>Says who may operate, whatever role a caller has. Default: everyone with the role.</summary>
    public ServerPolicy Policy { get; init; } = ServerPolicy.Default;

    /// <summary>The largest request document and command, in bytes. Default 256 KiB.</summary>
    public int LargestDocument { get; init; } = RequestLimits.MaxBytes;

    /// <summary>The largest telemetry body, in bytes. Default 1 MiB.</summary>
    public int LargestTelemetry { get; init; } = 1024 * 1024;

    /// <summary>How many requests that change something one caller may send a minute. Default 600.</summary>
    public int ChangesPerMinute { get; init; } = 600;

    /// <summary>How many requests without a known identity one address may send a minute to sign in or to decide by a link. Default 60.</summary>
    public int AnonymousChangesPerMinute { get; init; } = 60;

    /// <summary>How often an event stream looks into the ledger for what other hosts appended; what this one appends it is told at once. Default 500 ms.</summary>
    public TimeSpan EventPoll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a silent event stream sends a comment, so that proxies keep it open. Default 15 s.</summary>
    public TimeSpan EventKeepAlive { get; init; } = TimeSpan.FromSeconds(15);
}
