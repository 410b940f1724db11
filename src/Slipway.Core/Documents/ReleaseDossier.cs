using Slipway.Core.Documents.Changelog;
using Slipway.Core.Documents.Commands;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents;

/// <summary>
/// The one model that every document is rendered from: the request, the plan that the workflow carries out, what is not stated, and, once the
/// release runs, what its ledger says. A document computes nothing that the plan does not say, so that documents, workflow and report agree.
/// </summary>
public sealed record ReleaseDossier
{
    /// <summary>The request.</summary>
    public required ReleaseRequest Request { get; init; }

    /// <summary>The plan, as <see cref="Planner"/> or the ledger has it.</summary>
    public required ReleasePlan Plan { get; init; }

    /// <summary>What the request does not say.</summary>
    public required GapReport Gaps { get; init; }

    /// <summary>When the documents are made; UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Base of links to Slipway's own pages, without a trailing slash.</summary>
    public string BaseUrl { get; init; } = "http://127.0.0.1:7071";

    /// <summary>What the ledger says; null before the start.</summary>
    public ReleaseState? State { get; init; }

    /// <summary>Before the start, the rehearsal that was kept beside the request and counts for it; null: there is none.</summary>
    public RehearsalProof? Rehearsal { get; init; }

    /// <summary>Before the start, why no rehearsal counts; null: nobody looked for one.</summary>
    public string? NotRehearsed { get; init; }

    /// <summary>The rehearsal and the power of the stages.</summary>
    public StartEvidence Evidence => State is { } state && StartEvidence.Of(state) is { } stated
        ? stated
        : StartEvidence.Of(Plan, Rehearsal, NotRehearsed is { } why ? $"The rollback plan is not rehearsed: found {why}" : "The rollback plan is not rehearsed", null);

    /// <summary>What the release changes for users.</summary>
    public ReleaseChanges Changes => field ??= ReleaseChanges.Of(Request.Changes);

    /// <summary>The environment that the release ends in; null where none is stated.</summary>
    public EnvironmentSpec? Environment => Request.Environments.Count > 0 ? Request.Environments[^1] : null;

    /// <summary>The commands of that environment.</summary>
    public PlatformCommands Platform => field ??= CommandCatalogue.Of(Request, Environment);

    /// <summary>Times of the three ways back.</summary>
    public LevelEstimates Estimates => field ??= LevelEstimates.Of(Request, Plan);

    /// <summary>What is released, for titles; the id where there is no title.</summary>
    public string Title => Request.Release.Title.Length > 0 ? Request.Release.Title : Plan.ReleaseId.Value;

    /// <summary>When the first stage may begin: when it did, when it is asked to, or now.</summary>
    public DateTimeOffset Start => State?.BegunAt ?? Request.Release.StartAt ?? At;

    /// <summary>The earliest times of the stages.</summary>
    public IReadOnlyList<StageTimes> Times => field ??= StageTimeline.Of(Plan, WindowSchedule.Of(Request, Plan), Start);

    /// <summary>Slipway's own page of the release.</summary>
    public string Page => $"{BaseUrl}/releases/{Uri.EscapeDataString(Plan.ReleaseId.Value)}";

    /// <summary>The address of another document of the release.</summary>
    public string Link(string document) => $"{BaseUrl}/api/releases/{Uri.EscapeDataString(Plan.ReleaseId.Value)}/documents/{document}";

    /// <summary>The one command that goes back.</summary>
    public string RollbackCommand => $"slipway rollback {Plan.ReleaseId.Value}";

    /// <summary>The version to go back to; empty where it is not stated.</summary>
    public string PreviousVersion => Request.Rollback?.Code?.PreviousVersion is { Length: > 0 } previous ? previous : Request.Release.FromVersion;

    /// <summary>The dashboard of a metric: the system's own where it names one, else the release's page.</summary>
    public (string Name, string Url) DashboardOf(string metric)
    {
        var dashboards = Request.Telemetry?.Dashboards ?? [];
        var own = dashboards.FirstOrDefault(dashboard => dashboard.Metrics.Contains(metric, StringComparer.OrdinalIgnoreCase))
            ?? dashboards.FirstOrDefault(dashboard => dashboard.Metrics.Count == 0);
        return own is null ? ($"release: {metric}", Page) : (own.Name, own.Url.AbsoluteUri);
    }
}
