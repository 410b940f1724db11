using Microsoft.AspNetCore.Http;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Functions.Policy;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Pages.Handlers;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Functions.Composition;

/// <summary>Everything of the outside world that the application needs; what a set of adapters has to fill.</summary>
public sealed record SlipwayAdapters
{
    /// <summary>What the activities get.</summary>
    public required ReleasePorts Ports { get; init; }

    /// <summary>Creates flags.</summary>
    public required IFlagCreator FlagCreator { get; init; }

    /// <summary>Takes telemetry in.</summary>
    public required ITelemetrySink Telemetry { get; init; }

    /// <summary>Says how the stores are.</summary>
    public required IHealthSource Health { get; init; }

    /// <summary>Says who is calling, by the policy that the call is answered by.</summary>
    public required Func<ServerPolicy, IAccessControl> Access { get; init; }

    /// <summary>Sessions, sign-in links and forms of pages.</summary>
    public required PageServices Pages { get; init; }

    /// <summary>The names under which the application answers.</summary>
    public required HostAllowList Hosts { get; init; }

    /// <summary>Which client a request came from, for the budget of those who are not signed in. Default: the address that it is connected from.</summary>
    public Func<HttpContext, string> ClientAddress { get; init; } = ApiServices.ConnectedFrom;

    /// <summary>The server policy as it is at this moment.</summary>
    public required Func<ServerPolicy> Policy { get; init; }

    /// <summary>Where the policy comes from; null: from a file that was read at the start.</summary>
    public Func<PolicyStanding>? Standing { get; init; }

    /// <summary>Looks whether the policy has changed; null: it does not while the application runs.</summary>
    public Func<CancellationToken, Task>? LookAtPolicy { get; init; }

    /// <summary>Where people reach the application, without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>The telemetry that is read. Default: what is sent to this server.</summary>
    public TelemetrySource Source { get; init; } = TelemetrySource.Embedded;

    /// <summary>The workspace of requests that name none; may be empty.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>What whoever starts the application has to know; without secrets. Default: nothing.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Hands over mails that wait, and says how many; null: none ever waits.</summary>
    public Func<CancellationToken, Task<int>>? DrainMail { get; init; }

    /// <summary>Keeps releases that are over; null: they are kept where they are, and no instance is purged.</summary>
    public IReleaseArchive? Archive { get; init; }

    /// <summary>For how long the engine's instances of a release that is over stay. Default: 30 days.</summary>
    public TimeSpan KeepInstances { get; init; } = TimeSpan.FromDays(30);
}
