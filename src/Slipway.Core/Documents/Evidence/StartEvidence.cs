using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;

namespace Slipway.Core.Documents.Evidence;

/// <summary>
/// What is known of a release before anybody is exposed: the rehearsal of its way back, and how small a regression its stages can see. The one
/// model of document, page and mail. Pure.
/// </summary>
public sealed record StartEvidence
{
    /// <summary>The plan that it is about.</summary>
    public required ReleasePlan Plan { get; init; }

    /// <summary>What was rehearsed, also when it failed and so counts for nothing; null: nothing of this request.</summary>
    public RehearsalProof? Rehearsal { get; init; }

    /// <summary>The result, or why there is none, as one sentence.</summary>
    public required string Result { get; init; }

    /// <summary>Whose word the result is; empty where there is none.</summary>
    public string Statement { get; init; } = "";

    /// <summary>The command that makes a rehearsal; empty where there is one.</summary>
    public string Command { get; init; } = "";

    /// <summary>The scenarios; empty where they are not stated.</summary>
    public IReadOnlyList<RehearsalLine> Scenarios { get; init; } = [];

    /// <summary>What the stages can tell.</summary>
    public IReadOnlyList<PowerLine> Power => field ??= [.. Known.Rows.Select(row => PowerLine.Of(Plan, row))];

    /// <summary>What that rests on, or why nothing is known; a sentence each.</summary>
    public IReadOnlyList<string> Assumptions => Known.Assumptions;

    /// <summary>The page that shows all of it; empty before the start.</summary>
    public string Page { get; init; } = "";

    /// <summary>How to read the columns of the matrix.</summary>
    public static string Columns => "An outcome has the number of its seeds before it. Detected and harmed are medians over the seeds, peak and safe the worst of them.";

    /// <summary>Of a release that was started; null: there is none.</summary>
    public static StartEvidence? Of(ReleaseState state) => state.Created is { } created ? Of(created) : null;

    /// <summary>Of a release as its ledger's first entry has it.</summary>
    public static StartEvidence Of(ReleaseCreated created)
    {
        const string Unrehearsed = "The rollback plan is not rehearsed";
        var warning = created.Warnings.FirstOrDefault(one => one.StartsWith(Unrehearsed, StringComparison.Ordinal));
        var none = warning ?? $"{Unrehearsed}: no rehearsal came with the start";
        var evidence = Of(created.Plan, created.Rehearsal ?? created.FailedRehearsal, none, created.StartedBy);
        return evidence with
        {
            Result = created.Rehearsal is null ? $"{none.TrimEnd('.')}." : evidence.Result,
            Page = $"{created.BaseUrl}/releases/{Uri.EscapeDataString(created.Plan.ReleaseId.Value)}/rehearsal",
        };
    }

    /// <summary>Of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rehearsal">Its rehearsal; null: none counts.</param>
    /// <param name="none">Why none does.</param>
    /// <param name="startedBy">Who stated it; null: it is a file beside the request, and nothing is started yet.</param>
    public static StartEvidence Of(ReleasePlan plan, RehearsalProof? rehearsal, string none, string? startedBy)
    {
        var shared = new StartEvidence
        {
            Plan = plan,
            Rehearsal = rehearsal,
            Result = $"{none.TrimEnd('.')}.",
        };
        if (rehearsal is null) return shared with { Command = "slipway rehearse release.yaml" };
        var lines = (rehearsal.Rows ?? []).Select(RehearsalLine.Of).ToList();
        var broken = lines.Count(line => line.Kept == false);
        return shared with
        {
            Result = $"{Capital(rehearsal.Sentence)}{(broken > 0 ? string.Create(CultureInfo.InvariantCulture, $"; broken in {broken}") : "")}.",
            Statement = startedBy is null
                ? "As the file beside the request states it."
                : $"As stated by whoever started the release ({startedBy}): the server checks that it is of this very request and at most a week old, and takes the result on trust.",
            Scenarios = lines,
        };
    }

    /// <summary>As it was worked out at the start, where somebody has to approve; else now, and only where it is asked for.</summary>
    private ReleasePower Known => Plan.Power ?? Powers.GetValue(Plan, static plan => ReleasePower.Of(plan));

    /// <summary>Several documents of a plan ask for it: it is worked out once while the plan lives.</summary>
    private static readonly ConditionalWeakTable<ReleasePlan, ReleasePower> Powers = [];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
