using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Slipway.Cli.Hosting;

/// <summary>What a one-machine server is started with.</summary>
public sealed record SlipwayServerOptions
{
    /// <summary>The data folder, absolute; created when it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port, 1 to 65535; 0: a free one. Default: 5180.</summary>
    public int Port { get; init; } = 5180;

    /// <summary>The server policy, absolute; null: <c>slipway.policy.yaml</c> in the data folder when it is there, else the built-in policy.</summary>
    public string? PolicyFile { get; init; }

    /// <summary>For how long after its last change the engine keeps the instances of a release that is over, once report, ledger and documents are kept
    /// beside them; 1 to 3650 days. Default: 30 days.</summary>
    public TimeSpan KeepInstances { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable, null when it is not set: the standard ones of OpenTelemetry say where telemetry of Slipway itself
    /// goes. Default: none is set, and it goes nowhere.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>Where the log goes. Default: nowhere.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };

    /// <summary>What one connection may cost. Default: <see cref="ServerLimits"/>.</summary>
    internal Action<KestrelServerLimits> Limits { get; init; } = ServerLimits.Apply;
}
