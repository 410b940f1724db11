using System.Globalization;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Gates;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Planning;

/// <summary>What planning gave.</summary>
/// <param name="Plan">The plan; null exactly when there are problems.</param>
/// <param name="Problems">Why the request cannot be run by this version.</param>
public sealed record PlanResult(ReleasePlan? Plan, IReadOnlyList<RequestProblem> Problems);

/// <summary>
/// Makes the plan of a request: fills every default in, and notes each. Whether the request says enough to be started is not asked here:
/// see <see cref="Intake.IntakeGaps"/>.
/// </summary>
public static class Planner
{
    private static readonly TimeSpan LongestDerivedWindow = TimeSpan.FromMinutes(5);

    /// <summary>Plans, and refuses what this version cannot carry out.</summary>
    /// <param name="request">The request.</param>
    /// <param name="calendarRules">Whether the calendar counts; a server's policy may turn it off.</param>
    /// <param name="source">The telemetry that the server reads.</param>
    public static PlanResult Plan(ReleaseRequest request, bool calendarRules = true, TelemetrySource source = TelemetrySource.Embedded)
    {
        var plan = Draft(request, calendarRules);
        IReadOnlyList<RequestProblem> problems =
            [.. StrategyRules.Check(request, plan), .. SupportedFeatures.Check(request, plan, source), .. MeasurementRules.Check(request, plan), .. CalendarRules.Problems(request, plan.Calendar)];
        return new PlanResult(problems.Count == 0 ? plan with { Power = IsApproved(request, plan) ? ReleasePower.Of(plan) : null } : null, problems);
    }

    /// <summary>Whoever approves is told what the stages can see; it takes a while to work out, and so it is done once.</summary>
    private static bool IsApproved(ReleaseRequest request, ReleasePlan plan) =>
        plan.Calendar?.Approval is not null || plan.Stages.Any(stage => stage.Approval is not null) || (plan.Risk >= RiskLevel.Medium && request.Approvals.Count > 0);

    /// <summary>The plan as it would be, to be shown; only what <see cref="Plan"/> returns may be run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="calendarRules">Whether the calendar counts.</param>
    public static ReleasePlan Draft(ReleaseRequest request, bool calendarRules = true) => Draft(request, RiskAssessor.Assess(request), calendarRules);

    /// <summary>The same from an assessment that was made before: no plan is made without one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="assessment">Its risk, as <see cref="RiskAssessor"/> found it.</param>
    /// <param name="calendarRules">Whether the calendar counts.</param>
    public static ReleasePlan Draft(ReleaseRequest request, RiskAssessment assessment, bool calendarRules = true)
    {
        ArgumentNullException.ThrowIfNull(assessment);
        var notes = new List<string>();
        var risk = Risk(request, assessment, notes);
        var choice = StrategyChoice.Of(request);
        notes.Add($"Strategy: {choice.Word}, as {choice.Reason}.");
        var watch = Watch(request, notes);
        var (environments, stages) = EnvironmentPlanner.Plan(request, assessment, watch, notes);
        var regions = Regions(request, notes);
        var triggers = PlannedTriggers.Of(request.Guardrails, DerivedWindow(watch.Interval), notes);
        var evidence = EvidencePlan.Of(request, risk, stages, environments, triggers);
        IReadOnlyList<FlagSpec> flags = [.. environments.SelectMany(environment => environment.Flags)];
        IReadOnlyList<PlannedLevel> levels = [.. Levels(request, stages, flags)];
        return new ReleasePlan
        {
            ReleaseId = request.Release.Id,
            Risk = risk,
            Strategy = request.Strategy,
            Stages = stages,
            Environments = environments,
            Flags = flags,
            Deploy = request.Deploy is { } deploy ? new PlannedDeploy(deploy.Hook, deploy.Within) : null,
            Regions = regions,
            Triggers = triggers,
            Evidence = evidence,
            Watch = environments[^1].Watch,
            Levels = levels,
            Gates = [.. request.Gates, .. Integrations.Of(request)],
            Steps = Steps(assessment, levels, stages),
            Calendar = calendarRules ? CalendarRules.Of(request) : null,
            Notes = [.. notes, .. evidence.Notes(request.Strategy), .. NoticeNote(request), .. SupportedFeatures.Notes(request)],
        };
    }

    private static IReadOnlyList<PlanningStep> Steps(RiskAssessment assessment, IReadOnlyList<PlannedLevel> levels, IReadOnlyList<PlannedStage> stages) =>
    [
        PlanningStep.RiskAnalysis(string.Create(
            CultureInfo.InvariantCulture,
            $"{Word(assessment.Counting)} risk, complexity {assessment.Complexity.Value}, {assessment.Scenarios.Count(scenario => scenario.Applicable)} of {assessment.Scenarios.Count} failure modes apply")),
        PlanningStep.Rollback(levels.Count > 0 ? $"levels {string.Join(", ", levels.Select(level => level.Level.ToString(CultureInfo.InvariantCulture)))}" : "no level"),
        PlanningStep.Deployment(string.Join(", ", stages.Select(stage => $"{stage.Percentage} for {DurationText.Format(stage.Bake)}"))),
    ];

    private static IEnumerable<string> NoticeNote(ReleaseRequest request)
    {
        if (request.Release.StartAt is null) yield return "Notice: no start_at, so nobody is told a day before the start.";
    }

    /// <summary>Triggers that follow from limits look at five intervals, at most at five minutes and at least at one interval.</summary>
    private static TimeSpan DerivedWindow(TimeSpan interval)
    {
        var five = 5 * interval < LongestDerivedWindow ? 5 * interval : LongestDerivedWindow;
        return five > interval ? five : interval;
    }

    private static RiskLevel Risk(ReleaseRequest request, RiskAssessment assessment, List<string> notes)
    {
        if (request.Release.DeclaredRisk is null)
            notes.Add($"Risk: not declared, counts as {Word(assessment.Counting)}.");
        else if (assessment.Counting > request.Release.DeclaredRisk)
            notes.Add($"Risk: declared {Word(request.Release.DeclaredRisk.Value)}, raised to {Word(assessment.Counting)}, because {string.Join("; ", assessment.Reasons)}.");
        return assessment.Counting;
    }

    private static List<string> Regions(ReleaseRequest request, List<string> notes)
    {
        var regions = request.Environments.SelectMany(environment => environment.Regions).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (regions.Count > 0)
            return regions;
        notes.Add("Regions: none named, one region called global.");
        return ["global"];
    }

    private static WatchPlan Watch(ReleaseRequest request, List<string> notes)
    {
        var telemetry = request.Telemetry ?? new TelemetrySpec();
        if (request.Telemetry is null)
            notes.Add("Telemetry: no source named, Slipway's own store is read.");
        var service = telemetry.Service;
        if (service.Length == 0)
        {
            service = request.Flags.Count > 0 ? request.Flags[0].Name : request.Release.Id.Value;
            if (request.Environments.All(environment => environment.Service.Length == 0))
                notes.Add($"Telemetry: no service named, observations of '{service}' count.");
        }

        notes.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"Telemetry: intervals of {DurationText.Format(telemetry.Interval)}, judged {DurationText.Format(telemetry.IngestionDelay)} after their end; flags need {DurationText.Format(telemetry.Propagation)} to reach applications."));
        return new WatchPlan
        {
            Source = telemetry.Source,
            Workspace = telemetry.Workspace,
            Service = service,
            Queries = telemetry.Queries,
            Logs = LogsPlan.Of(request),
            Interval = telemetry.Interval,
            IngestionDelay = telemetry.IngestionDelay,
            Propagation = telemetry.Propagation,
            Edges = PlannedBand.LatencyEdges(request.Guardrails),
            BlindHold = request.Guardrails.BlindHold,
            BlindThen = request.Guardrails.BlindThen,
        };
    }

    private static IEnumerable<PlannedLevel> Levels(ReleaseRequest request, IReadOnlyList<PlannedStage> stages, IReadOnlyList<FlagSpec> flags)
    {
        IReadOnlyList<string> instant = [.. StrategyStages.InstantWayBack(stages), .. flags.Select(flag => flag.Key.ToString())];
        if (instant.Count > 0)
            yield return new PlannedLevel(1, TimeSpan.FromMinutes(5), instant);
        if (request.Rollback is { Configuration: { Count: > 0 } keys })
            yield return new PlannedLevel(2, TimeSpan.FromMinutes(10), keys);
        if (request.Rollback?.Code is { } code)
            yield return new PlannedLevel(3, TimeSpan.FromMinutes(15), [ShownUrl.Of(code.Hook)]);
    }

    private static string Word(RiskLevel risk) => risk.ToString().ToLowerInvariant();
}
