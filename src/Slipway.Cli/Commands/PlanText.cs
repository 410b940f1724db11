using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Cli.Commands;

/// <summary>A plan in short.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Lines(ReleasePlan plan)
    {
        yield return $"Release   {plan.ReleaseId}";
        yield return $"Risk      {Word(plan.Risk)}";
        yield return $"Strategy  {Word(plan.Strategy)}";
        if (plan.Flags.Count > 0) yield return $"Flags     {Printable.Line(string.Join(", ", plan.Flags.Select(flag => flag.Key)))}";
        if (plan.Deploy is { } deploy) yield return $"Deploy    {ShownUrl.Of(deploy.Hook)}, each step within {DurationText.Format(deploy.Within)}";
        if (plan.Environments.Count == 1) yield return $"Stages    {string.Join(", then ", plan.Stages.Select(Stage))}";
        foreach (var environment in plan.Environments.Where(_ => plan.Environments.Count > 1))
            yield return $"{Printable.Line(Environment(plan, environment))}";
        foreach (var stage in plan.Stages.Where(stage => stage.Steps.Count > 0))
            yield return $"Steps     stage {stage.Index + 1}, {stage.Percentage}: {Printable.Line(string.Join(", then ", Steps(plan, stage)))}";
        yield return $"Takes     at least {DurationText.Format(plan.Stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.Bake + plan.Watch.Propagation))}";
        yield return $"Watch     {Word(plan.Watch.Source)} telemetry of {string.Join(", ", plan.Environments.Select(environment => $"'{Printable.Line(environment.Watch.Service)}'"))} every {DurationText.Format(plan.Watch.Interval)}";
        foreach (var trigger in plan.Triggers)
            yield return $"Trigger   {Printable.Line(Trigger(trigger))}";
        foreach (var gate in plan.Gates)
            yield return $"Gate      {Printable.Line(gate.Name)}: {ShownUrl.Of(gate.Url)} {(gate.When == GateTiming.BeforeStage ? "before" : "during the bake of")} {(gate.Stage is { } stage ? stage.ToString() : "every stage")}";
        foreach (var level in plan.Levels)
            yield return $"Way back  level {level.Level} in {DurationText.Format(level.Budget)}: {Printable.Line(string.Join(", ", level.Targets))}";
        foreach (var line in Power(plan, plan.Power ?? ReleasePower.Of(plan)))
            yield return Printable.Line(line);
        foreach (var note in plan.Notes)
            yield return $"Note      {Printable.Line(note)}";
    }

    /// <summary>When it would start, what the calendar proposes instead, and when each stage is expected, in UTC and in the calendar's zone.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="schedule">Its schedule.</param>
    /// <param name="notBefore">The request's start time, or now.</param>
    public static IEnumerable<string> Schedule(ReleasePlan plan, WindowSchedule schedule, DateTimeOffset notBefore)
    {
        if (schedule.Sentence() is { Length: > 0 } own) yield return $"Hours     {Printable.Line(own)}";
        if (plan.Calendar is not { } rules || schedule.Calendar is not { } calendar) yield break;
        yield return $"Calendar  {Printable.Line(rules.Sentence())}";
        if (schedule.NextOpening(notBefore) is not { } start)
        {
            yield return "Start     never: nothing is open within a year";
            yield break;
        }

        var wait = start > notBefore ? $", since {calendar.Both(notBefore)} is {schedule.Why(notBefore)}" : $", {schedule.Why(start)}";
        yield return $"Start     {calendar.Both(start)}{Printable.Line(wait)}";
        if (WindowProposer.Propose(plan, schedule, notBefore) is { } proposal && proposal.Start != start)
            yield return $"Better    {calendar.Both(proposal.Start)}, {proposal.Reason}";
        foreach (var stage in WindowProposer.Schedule(plan, schedule, start))
            yield return $"When      {plan.Describe(stage.Stage)}: {calendar.Both(stage.From)}, judged until {calendar.Both(stage.Until)}{(stage.Overnight ? ", over night" : "")}";
    }

    /// <summary>What the stages can see, in two lines each: it is long.</summary>
    private static IEnumerable<string> Power(ReleasePlan plan, ReleasePower power)
    {
        foreach (var assumption in power.Assumptions)
            yield return $"Sees      {assumption}";
        foreach (var row in power.Rows)
        {
            yield return $"Sees      {plan.Describe(row.Stage)}: {row.Finds};";
            yield return $"          {row.Proves}";
        }
    }

    private static string Environment(ReleasePlan plan, PlannedEnvironment environment) =>
        $"{environment.Word.PadRight(9)} {string.Join(", then ", plan.Stages.Where(stage => stage.Environment == environment.Index).Select(Stage))}, in {string.Join(" and ", environment.Regions)}, by telemetry of '{environment.Watch.Service}'";

    /// <summary>The hook's steps, with the flags where they come.</summary>
    private static IEnumerable<string> Steps(ReleasePlan plan, PlannedStage stage)
    {
        foreach (var step in stage.Steps.Where(step => step.BeforeFlags))
            yield return step.Sentence;
        if (plan.Flags.Count > 0)
            yield return $"flags at {stage.Percentage}";
        foreach (var step in stage.Steps.Where(step => !step.BeforeFlags))
            yield return step.Sentence;
    }

    private static string Stage(PlannedStage stage)
    {
        var approval = stage.Approval is { } group ? $" after approval by {Printable.Line(group)}" : "";
        return $"{stage.Percentage} for {DurationText.Format(stage.Bake)}{approval}";
    }

    private static string Trigger(PlannedTrigger trigger)
    {
        var unit = trigger.Metric switch
        {
            "error_rate" or "success_rate" or "availability" => " %",
            _ when trigger.Metric.StartsWith("latency_", StringComparison.Ordinal) => " ms",
            _ => "",
        };
        var bound = trigger.Above is { } above
            ? string.Create(CultureInfo.InvariantCulture, $"above {above:0.######}{unit}")
            : string.Create(CultureInfo.InvariantCulture, $"below {trigger.Below:0.######}{unit}");
        var lasting = trigger.For > TimeSpan.Zero ? $" for {DurationText.Format(trigger.For)}" : "";
        return $"{trigger.Name}: {trigger.Metric} {bound} over {DurationText.Format(trigger.Window)}{lasting}: {Word(trigger.Action)}";
    }

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()).Replace('_', ' ');
}
