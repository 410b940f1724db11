using Microsoft.AspNetCore.Http;
using Slipway.Web.Access;
using Slipway.Web.Pages.Handlers;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>Everything that the API needs, as the composition root fills it.</summary>
public sealed record ApiServices
{
    /// <summary>Releases.</summary>
    public required ReleaseDesk Desk { get; init; }

    /// <summary>Freezes of every release.</summary>
    public required FreezeDesk Freezes { get; init; }

    /// <summary>Locks.</summary>
    public required LockDesk Locks { get; init; }

    /// <summary>Feature flags, for reading.</summary>
    public required IFlagStore Flags { get; init; }

    /// <summary>Creates flags.</summary>
    public required IFlagCreator FlagCreator { get; init; }

    /// <summary>Takes telemetry in.</summary>
    public required ITelemetrySink Telemetry { get; init; }

    /// <summary>Says how the server is.</summary>
    public required IHealthSource Health { get; init; }

    /// <summary>Says who is calling.</summary>
    public required IAccessControl Access { get; init; }

    /// <summary>What pages need: sessions, sign-in links and forms.</summary>
    public required PageServices Pages { get; init; }

    /// <summary>How often callers may ask; null: budgets of the dispatcher's own, for a host that makes one dispatcher.</summary>
    public RequestBudgets? Budgets { get; init; }

    /// <summary>Which client a request came from, for the budget of those who are not signed in. Default: the address that it is connected from.</summary>
    public Func<HttpContext, string> ClientAddress { get; init; } = ConnectedFrom;

    /// <summary>Limits and names.</summary>
    public ApiSettings Settings { get; init; } = new();

    /// <summary>The address that a request is connected from.</summary>
    public static string ConnectedFrom(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    /// <summary>The clock of event streams.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
