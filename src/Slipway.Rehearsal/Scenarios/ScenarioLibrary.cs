using System.Globalization;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Rehearsal.Traffic;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Scenarios;

/// <summary>Every scenario, in the order in which they are shown.</summary>
public static class ScenarioLibrary
{
    /// <summary>The scenario in which nothing is wrong; its claim is of false rollbacks, those of all others are of misses.</summary>
    public const string Healthy = "healthy";

    /// <summary>How many times the errors the one bad region has.</summary>
    internal const double RegionErrors = 10;

    private static readonly string[] FlagWrites = [FaultOperations.FlagRead, FaultOperations.FlagSet, FaultOperations.FlagRestore];
    private static readonly string[] Keys = [FaultOperations.ConfigurationRead, FaultOperations.ConfigurationWrite];

    /// <summary>Nobody can miss it: what is rehearsed with it is the way back.</summary>
    private static readonly Defect Broken = new() { ErrorsAtLeast = 0.3 };

    private static readonly Defect Leaking = new() { Errors = 2, Latency = 1.1, GrowsEvery = TimeSpan.FromMinutes(20) };

    /// <summary>The library.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Name = Healthy, What = "nothing is wrong with the new version",
            Script = (_, stage) => new ScenarioScript { Stage = stage }, Expect = (subject, _) => Expected.Healthy(subject),
        },
        Errors(2), Errors(5), Errors(10), Latency(1.25), Latency(2),
        new()
        {
            Name = "slow-leak", What = "errors grow by the usual rate every 20 minutes, and latency by a tenth, for as long as anybody has it",
            Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = Leaking }, Expect = (subject, stage) => Expected.Leak(subject, stage, Leaking),
        },
        new()
        {
            Name = "crash-loop", What = "the new version fails 60 % of its requests and every smoke check",
            Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = new Defect { ErrorsAtLeast = 0.6 } }, Expect = (_, _) => Expected.Back,
        },
        new()
        {
            Name = "one-region", What = "ten times the errors, in the first of several regions alone",
            Unfit = (subject, stage) => subject.Plan.EnvironmentOf(stage).Regions.Count > 1 ? null : "the environment has one region",
            Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = new Defect { Errors = RegionErrors, OneRegion = true } }, Expect = Expected.OneRegion,
        },
        new()
        {
            Name = "telemetry-late", What = "for half an hour telemetry arrives ten minutes later than planned",
            Script = (subject, stage) => new ScenarioScript { Stage = stage, Trouble = new TelemetryTrouble(subject.Plan.Watch.IngestionDelay + TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)) },
            Expect = (_, _) => Expected.Ends("completed, or taken back by lost sight; never promoted blindly", ReleasePhase.Completed, ReleasePhase.RolledBack),
        },
        new()
        {
            Name = "telemetry-lost", What = "telemetry ends with the exposure and does not come back",
            Script = (_, stage) => new ScenarioScript { Stage = stage, Trouble = new TelemetryTrouble(null, null) },
            Expect = (subject, _) => Expected.Back with { TellsOfHold = subject.Plan.Watch.BlindThen == BlindAction.Pause },
        },
        new()
        {
            Name = "flags-down-at-shift", What = "the flag store does not answer for two minutes while the stage is shifted to",
            Unfit = NoFlags, Script = (_, stage) => new ScenarioScript { Stage = stage, Outages = [new Outage(FlagWrites, OutageStart.Shift, TimeSpan.FromMinutes(2))] },
            Expect = (_, _) => Expected.Ends("completed once it answers, or taken back", ReleasePhase.Completed, ReleasePhase.RolledBack),
        },
        new()
        {
            Name = "flags-down-at-rollback", What = "30 % of requests fail, and the flag store does not answer for the first two minutes of the way back",
            Unfit = NoFlags, Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = Broken, Outages = [new Outage(FlagWrites, OutageStart.Rollback, TimeSpan.FromMinutes(2))] },
            Expect = (_, _) => Expected.Back,
        },
        Approval("approval-never", "nobody answers a request for approval", ApproverTemper.Silent),
        Approval("approver-rejects", "an approver rejects", ApproverTemper.Rejects),
        new()
        {
            Name = "drift", What = "somebody else turns the flag off in the middle of the bake",
            Unfit = NoFlags, Script = (_, stage) => new ScenarioScript { Stage = stage, Drift = true },
            Expect = (_, _) => Expected.Back with { TellsOfHold = true, Sentence = "held, people told, the flag never raised again, and taken back by whoever is on call" },
        },
        new()
        {
            Name = "mail-down", What = "30 % of requests fail, and mail is not accepted from the exposure until half an hour after the end",
            Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = Broken, Outages = [new Outage([FaultOperations.Mail], OutageStart.Exposure, null, UntilOver: true)] },
            Expect = (_, _) => Expected.Back with { Sentence = "taken back without waiting for mail, and everybody told once it is accepted" },
        },
        new()
        {
            Name = "level-1-fails", What = "30 % of requests fail, and flags cannot be written for seven minutes of the way back",
            Unfit = NoFlags, Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = Broken, Outages = [LongFlagOutage] },
            Expect = (_, _) => Expected.Back with { Sentence = "taken back by a later level, or by level 1 at its second try" },
        },
        new()
        {
            Name = "level-2-fails", What = "as level-1-fails, and configuration keys cannot be read or written at all",
            Unfit = (subject, stage) => subject.Plan.Levels.Any(level => level.Level == 2) ? NoFlags(subject, stage) : "the plan has no level 2: rollback.configuration names no key",
            Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = Broken, Outages = [LongFlagOutage, new Outage(Keys, OutageStart.Rollback, null)] },
            Expect = (_, _) => Expected.Ends("taken back by level 3, or by level 1 at its second try; what is left is named", ReleasePhase.RolledBack, ReleasePhase.Failed),
        },
        new()
        {
            Name = "process-dies", What = "the process is killed after every step, and another goes on from what is stored; at the last stage 30 % of requests fail",
            Stage = subject => subject.Plan.Stages.Count - 1, OneSeed = true,
            Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = Broken, Dies = true }, Expect = (_, _) => Expected.Back,
        },
        new()
        {
            Name = "window-closes", What = "the change window closes while the first stage bakes",
            Unfit = (subject, _) => Calendars.BeforeClosing(subject) is null ? "exposure may grow at any hour" : null,
            Script = (subject, stage) => new ScenarioScript { Stage = stage, StartedAt = Calendars.BeforeClosing(subject), AnyDay = true },
            Expect = (subject, _) => Expected.Healthy(subject) with { Sentence = "completed; exposure grows only in the plan's hours" },
        },
        new()
        {
            Name = "winter-time", What = "the clock of the plan's hours is set back while the release waits for them",
            Unfit = (subject, _) => Calendars.BeforeWinter(subject) is null ? "no hours of the plan have a zone whose clock is set back" : null,
            Script = (subject, stage) => new ScenarioScript { Stage = stage, StartedAt = Calendars.BeforeWinter(subject), AnyDay = true },
            Expect = (subject, _) => Expected.Healthy(subject) with { Sentence = "completed; exposure grows only in the plan's hours" },
        },
    ];

    private static Outage LongFlagOutage => new(FlagWrites, OutageStart.Rollback, TimeSpan.FromMinutes(7));

    /// <summary>
    /// The scenario of a name: one of the library, or <c>error-xN</c> and <c>latency-xN</c> with any number above 1 and at most 100, each with
    /// <c>@STAGE</c> behind it where another stage than its own is meant, 1 first. Null: there is none such.
    /// </summary>
    public static ChosenScenario? Find(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        int? stage = null;
        if (at >= 0)
        {
            if (!int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return null;
            (stage, name) = (number - 1, name[..at]);
        }

        var scenario = All.FirstOrDefault(one => one.Name == name);
        if (scenario is null && Factor(name, "error-x") is { } errors) scenario = Errors(errors);
        if (scenario is null && Factor(name, "latency-x") is { } latency) scenario = Latency(latency);
        return scenario is null ? null : new ChosenScenario(scenario, stage);
    }

    private static double? Factor(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && double.TryParse(name.AsSpan(prefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is > 1 and <= 100 ? factor : null;

    private static Scenario Errors(double factor) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"error-x{factor}"),
        What = string.Create(CultureInfo.InvariantCulture, $"the new version fails {factor} times as often"),
        Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = new Defect { Errors = factor } },
        Expect = (subject, stage) => Expected.Errors(subject, stage, factor),
    };

    private static Scenario Latency(double factor) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"latency-x{factor}"),
        What = string.Create(CultureInfo.InvariantCulture, $"the new version takes {factor} times as long"),
        Script = (_, stage) => new ScenarioScript { Stage = stage, Defect = new Defect { Latency = factor } },
        Expect = (subject, stage) => Expected.Latency(subject, stage, factor),
    };

    private static Scenario Approval(string name, string what, ApproverTemper temper) => new()
    {
        Name = name,
        What = what,
        Unfit = (subject, _) => subject.Approvals.Count > 0 ? null : "nobody is asked for approval",
        Script = (_, stage) => new ScenarioScript { Stage = stage, Approvers = temper },
        Expect = (subject, _) => subject.Approvals.Min(gate => gate.Stage) is var first and > 0
            ? Expected.Back with { AtMost = subject.Plan.Stages.Take(first).Max(stage => stage.Percentage), Sentence = "taken back from the stage before; exposure does not grow" }
            : Expected.Ends("stopped before anybody is exposed", ReleasePhase.Failed) with { AtMost = Percentage.Zero },
    };

    private static string? NoFlags(RehearsalSubject subject, int stage) => subject.Plan.EnvironmentOf(stage).Flags.Count > 0 ? null : "no flag carries the exposure";
}
