using System.Globalization;
using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.Traffic;
using Slipway.Rehearsal.World;
using Slipway.Web.Words;
using Slipway.Workflow.Releases;

namespace Slipway.Rehearsal.Running;

/// <summary>Rehearses a plan in scenarios.</summary>
public static class Rehearsals
{
    /// <summary>Rehearses scenarios with seeds from <paramref name="firstSeed"/> on. Runs share nothing, so that they run side by side, and what
    /// comes out does not depend on which ends first.</summary>
    /// <param name="subject">What is rehearsed.</param>
    /// <param name="chosen">The scenarios.</param>
    /// <param name="firstSeed">The first seed.</param>
    /// <param name="seeds">How many seeds, 1 or more.</param>
    /// <param name="at">When it is rehearsed; for the date alone.</param>
    /// <param name="complete">Whether the chosen scenarios are the whole library.</param>
    /// <param name="heads">Whether each run comes with its <see cref="RehearsalRun.LedgerHead"/>.</param>
    /// <param name="progress">Told of each scenario that is done; may be called from any thread.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RehearsalReport> RunAsync(
        RehearsalSubject subject, IReadOnlyList<ChosenScenario> chosen, int firstSeed, int seeds, DateTimeOffset at, bool complete, bool heads, Action<string>? progress,
        CancellationToken cancellation)
    {
        var results = new RehearsalRun[chosen.Count][];
        var work = new List<(int Scenario, int Seed)>();
        for (var index = 0; index < chosen.Count; index++)
        {
            var fits = Unfit(subject, chosen[index]) is null;
            results[index] = new RehearsalRun[!fits ? 0 : chosen[index].Scenario.OneSeed ? 1 : seeds];
            for (var seed = 0; seed < results[index].Length; seed++) work.Add((index, seed));
        }

        var left = results.Select(runs => runs.Length).ToArray();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };

        // What takes longest begins first, so that no core waits for it in the end.
        await Parallel.ForEachAsync(work.OrderByDescending(item => chosen[item.Scenario].Scenario.OneSeed), options, async (item, stop) =>
        {
            results[item.Scenario][item.Seed] = await RunAsync(subject, chosen[item.Scenario], firstSeed + item.Seed, heads, stop);
            if (Interlocked.Decrement(ref left[item.Scenario]) == 0) progress?.Invoke(chosen[item.Scenario].Name);
        });
        return new RehearsalReport
        {
            Release = subject.Request.Release.Id.Value,
            ContentHash = subject.ContentHash,
            At = at.ToUniversalTime(),
            Complete = complete,
            Seed = firstSeed,
            Seeds = seeds,
            Assumptions = subject.Profile.Assumptions,
            Scenarios = [.. chosen.Select((one, index) => Result(subject, one, results[index]))],
        };
    }

    /// <summary>One scenario with one seed.</summary>
    /// <param name="subject">What is rehearsed.</param>
    /// <param name="chosen">The scenario.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="heads">Whether it comes with its <see cref="RehearsalRun.LedgerHead"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RehearsalRun> RunAsync(RehearsalSubject subject, ChosenScenario chosen, int seed, bool heads, CancellationToken cancellation)
    {
        var stage = StageOf(subject, chosen);
        var script = chosen.Scenario.Script(subject, stage);
        var key = RandomStream.KeyOf(string.Create(CultureInfo.InvariantCulture, $"{subject.ContentHash}\n{chosen.Scenario.Name}\n{stage}\n{seed}"));
        await using var world = new RehearsalWorld(subject, script, key);
        if (await world.RunAsync(cancellation) is { } refused) return Refused(seed, refused);

        var state = await world.StateAsync();
        var broken = Promises.Broken(subject, chosen.Scenario.Expect(subject, stage), world, state, await world.FlagsAsync());
        var end = world.Entries[^1].At;
        var application = world.Fleet.Applications[subject.Plan.Stages[stage].Environment];
        return new RehearsalRun
        {
            Seed = seed,
            Outcome = state.IsTerminal ? Promises.Word(state.Phase) : "stuck",
            Why = state.PhaseReason,
            MinutesToDetect = Detected(world, state, script, application.BeganAt) is { } found ? Math.Round(found.TotalMinutes, 1) : null,
            RequestsHarmed = (long)Math.Round(world.Fleet.Applications.Sum(one => one.HarmedUntil(one.SafeSince ?? end, subject.Plan.Watch.Interval))),
            PeakExposure = Math.Round(100 * world.Fleet.Peak, 4),
            MinutesToSafe = state.Rollback is { } rollback && Promises.SafeAfter(world, rollback.BegunAt) is { } safe ? Math.Round(safe.TotalMinutes, 1) : null,
            Levels = [.. state.Rollback?.Levels.Select(level => level.Result.Level) ?? []],
            Received = Received(world),
            Hours = Math.Round((end - world.Began).TotalHours, 2),
            Deaths = world.Deaths,
            Broken = broken,
            LedgerHead = heads ? state.HeadHash : "",
            Log = broken.Count > 0 ? LogOf(world) : null,
        };
    }

    /// <summary>The stage from which a scenario happens, as position in the plan.</summary>
    public static int StageOf(RehearsalSubject subject, ChosenScenario chosen) => chosen.Stage ?? chosen.Scenario.Stage(subject);

    /// <summary>Why a scenario does not fit a plan; null: it does.</summary>
    public static string? Unfit(RehearsalSubject subject, ChosenScenario chosen)
    {
        var stage = StageOf(subject, chosen);
        return stage >= subject.Plan.Stages.Count
            ? string.Create(CultureInfo.InvariantCulture, $"the plan has {subject.Plan.Stages.Count} stages")
            : chosen.Scenario.Unfit(subject, stage);
    }

    private static ScenarioResult Result(RehearsalSubject subject, ChosenScenario chosen, RehearsalRun[] runs)
    {
        var result = new ScenarioResult { Name = chosen.Name, What = chosen.Scenario.What };
        if (Unfit(subject, chosen) is { } why) return result with { NotApplicable = why };
        var stage = StageOf(subject, chosen);
        var expected = chosen.Scenario.Expect(subject, stage);
        var missed = expected.Claim is { } claim ? runs.Count(run => run.Outcome == Promises.Word(claim.Ends)) : 0;
        return result with
        {
            Stage = stage + 1,
            Expected = expected.Sentence,
            Runs = runs,
            AgainstClaim = expected.Claim is null ? null : missed,
            Refuted = expected.Claim is { } stated && stated.IsRefutedBy(missed, runs.Length)
                ? [string.Create(CultureInfo.InvariantCulture, $"{missed} of {runs.Length} ended {Promises.Word(stated.Ends)}, but {stated.Words}")]
                : [],
        };
    }

    private static TimeSpan? Detected(RehearsalWorld world, ReleaseState state, ScenarioScript script, DateTimeOffset? began)
    {
        if (began is not { } from || (script.Defect == Defect.None && script.Trouble is null && !script.Drift)) return null;
        var held = world.Entries.Where(entry => entry.Type == "phase.entered.v1" && entry.At >= from && entry.Read() is PhaseEntered { Phase: ReleasePhase.Paused }).Select(entry => (DateTimeOffset?)entry.At).FirstOrDefault();
        var decided = state.Rollback?.BegunAt;
        var found = held < decided || decided is null ? held : decided;
        return found > from ? found - from : found is null ? null : TimeSpan.Zero;
    }

    private static List<RehearsalPost> Received(RehearsalWorld world)
    {
        var posts = new List<(string Recipient, List<string> Messages)>();
        foreach (var entry in world.Entries)
        {
            if (entry.Type != "message.sent.v1" || entry.Read() is not MessageSent { Accepted: true } sent) continue;
            var post = posts.Find(one => one.Recipient == sent.Recipient);
            if (post.Messages is null) posts.Add(post = (sent.Recipient, []));
            var word = JsonNamingPolicy.SnakeCaseLower.ConvertName(sent.Checkpoint.ToString());
            if (post.Messages.Count == 0 || post.Messages[^1] != word) post.Messages.Add(word);
        }

        return [.. posts.Select(post => new RehearsalPost(post.Recipient, post.Messages))];
    }

    /// <summary>Every event but judgements that changed nothing.</summary>
    private static List<string> LogOf(RehearsalWorld world)
    {
        var lines = new List<string>();
        foreach (var entry in world.Entries)
        {
            if (entry.Type == "gate.checked.v1" && entry.Read() is GateChecked { Status: GateStatus.Pass }) continue;
            if (entry.Type == "interval.judged.v1" && entry.Read() is IntervalJudged { Assessment.Verdict: not (Core.Analysis.Verdict.Fail or Core.Analysis.Verdict.Blind) }) continue;
            if (LedgerText.Of(entry) is { } text) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z {text}"));
        }

        return lines;
    }

    private static RehearsalRun Refused(int seed, StartOutcome outcome)
    {
        IReadOnlyList<string> why = outcome switch
        {
            StartOutcome.Refused refused => [.. refused.Problems.Select(problem => problem.ToString())],
            StartOutcome.Insufficient insufficient => [$"information is missing: {string.Join(", ", insufficient.Context.Missing)}"],
            _ => [outcome.ToString()],
        };
        return new RehearsalRun { Seed = seed, Outcome = "refused", Why = string.Join("; ", why), Broken = [.. why.Select(one => $"it could not be started: {one}")] };
    }
}
