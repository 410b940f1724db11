using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>What is looked at behind a level of the way back: smoke checks, metrics, and whether flags stayed as they were left.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How a level goes.</summary>
    private sealed class Undoing(PlannedLevel level, IReadOnlyList<string> left)
    {
        public PlannedLevel Level => level;

        /// <summary>A line for everything that could not be undone.</summary>
        public IReadOnlyList<string> Left { get; set; } = left;

        /// <summary>Those of them that are flags which were taken back again.</summary>
        public IReadOnlyList<string> FlagsLeft { get; set; } = [];

        /// <summary>When everything was read back as undone; null: it was not.</summary>
        public DateTimeOffset? At { get; set; }

        public string Details { get; set; } = "";

        public Doubts Doubts { get; set; } = new([], [], false);

        /// <summary>Whether everything is undone and nothing speaks against recovery.</summary>
        public bool IsWell => Left.Count == 0 && Doubts.Bad.Count == 0;

        /// <summary>What speaks against recovery goes to the details.</summary>
        public void Say() => Details = string.Join("; ", [Details, .. Doubts.Bad, .. Doubts.Notes]);
    }

    /// <summary>
    /// Behind a level that was undone: whether it is well again, whether requests still reach the new version, whether the pipeline has ended what it had
    /// accepted, and whether flags stayed as they were left; what is found is taken back again.
    /// </summary>
    private async Task LookBehind(Undoing undoing)
    {
        undoing.Doubts = await Verify(undoing.Level.Level);

        // A call of the hook cannot be read back, but traffic can: one that was held up on its way has landed behind the way back.
        if (undoing.Doubts.StillExposed) await TakeBackOnceMore(undoing, "requests still reached the new version");
        await FollowAccepted(undoing);
        undoing.Say();
        for (var looks = 1; (undoing.Doubts.Bad.Count == 0 || loaded.LooksInTroubleToo) && await ChangedAgain(seenOnly: undoing.Doubts.Bad.Count > 0) is { Sentence.Length: > 0 } again; looks++)
        {
            await RestoreChanged(undoing, again.Flags, again.Sentence);
            var inDoubt = loaded.FollowsAcceptedSteps ? undoing.FlagsLeft : undoing.Left;
            _flagsInDoubt = loaded.EndsWithWhatItSaw && inDoubt.Count > 0 && undoing.Doubts.Bad.Count == 0;
            if (undoing.Left.Count > 0 || undoing.Doubts.Bad.Count == 0 || looks == MostLooks) break;

            // What was bad may have come of that alone: no key and no code is moved before it was looked at once more.
            undoing.Doubts = await Verify(undoing.Level.Level);
            if (loaded.LooksAtTrafficAgain && undoing.Doubts.StillExposed) await TakeBackOnceMore(undoing, "requests still reached the new version");
            await FollowAccepted(undoing);
            undoing.Say();
        }
    }

    /// <summary>Once more the flags that were changed, or that nobody could look at.</summary>
    private async Task RestoreChanged(Undoing undoing, IReadOnlyList<FlagKey> flags, string sentence)
    {
        foreach (var name in flags) _flagsUndone.Remove(name);
        undoing.FlagsLeft = await RestoreFlags(context.Now + undoing.Level.Budget);
        undoing.Left = [.. undoing.Left, .. undoing.FlagsLeft];
        undoing.At = undoing.Left.Count == 0 ? context.Now : null;
        undoing.Details = $"{undoing.Details}; {sentence}{(loaded.EndsWithWhatItSaw && undoing.Left.Count == 0 ? "; taken back again" : "")}";
    }

    /// <summary>Once more what moves traffic, or the code, and a look at it.</summary>
    private async Task TakeBackOnceMore(Undoing undoing, string why)
    {
        var level = undoing.Level;
        undoing.Left = level.Level < 3 ? await RestoreExposure(context.Now + level.Budget) : await RestoreCodeOnceMore(context.Now + level.Budget);
        undoing.At = undoing.Left.Count == 0 ? context.Now : null;
        undoing.Details = $"{undoing.Details}; {why}, so it was taken back once more";
        undoing.Doubts = await Verify(level.Level);
        if (undoing.Doubts.StillExposed) undoing.Doubts.Bad.Add("requests still reach the new version");
    }

    /// <summary>Users have the new version again: traffic goes back first, and nothing keeps the code waiting, not even the tests of the version before.</summary>
    private async Task<IReadOnlyList<string>> RestoreCodeOnceMore(DateTimeOffset deadline)
    {
        if (!loaded.FollowsAcceptedSteps || _request.Rollback?.Code is not { } code) return await RestoreCode(deadline);
        foreach (var step in WayBack.OfCode(_steps, code.PreviousVersion)) _stepsUndone.Remove(step.Id);
        var back = await BeginBack([.. WayBack.OfTraffic(_steps).Where(step => step.Action is DeployAction.Swap or DeployAction.Shift)], _plan.Deploy?.Hook, context.Now + LateCallPatience);
        await Pump(() => back.IsCompleted, back, null, interruptible: false);
        var traffic = await back;
        var left = await RestoreCode(deadline);

        // With the previous version back everywhere, no share of traffic leads anywhere else.
        return left.Count == 0 ? [] : [.. traffic, .. left];
    }

    /// <summary>After a level: smoke checks, behind a restart also the health of every service that is critical, and the metrics of everybody once
    /// applications have refreshed.</summary>
    private async Task<Doubts> Verify(int level)
    {
        var watch = _plan.Watch;
        var from = NextInterval(context.Now + watch.Propagation, watch.Interval);
        var to = from + (watch.Interval * RecoveryJudge.Intervals);
        await Pump(() => false, null, to + watch.IngestionDelay, interruptible: false);

        var smoke = Task.WhenAll([.. _request.Preflight.Smoke.Select(Smoke), .. level == 2 ? ServiceGates() : []]);
        await Pump(() => smoke.IsCompleted, smoke, null, interruptible: false);
        var gates = await smoke;
        foreach (var gate in gates) Record(gate);
        var metrics = await MetricsAfter(from, to);
        return new Doubts(
            [.. gates.Where(gate => gate.Status == GateStatus.Fail).Select(gate => $"{gate.Gate}: {gate.Details}"), .. metrics.SelectMany(judged => judged.Bad)],
            [.. metrics.SelectMany(judged => judged.Notes)],
            _steps.Count > 0 && metrics.Any(judged => judged.StillExposed));
    }

    /// <summary>What the metrics of everybody say, for each environment that was exposed by its own telemetry.</summary>
    private async Task<IReadOnlyList<RecoveryJudgement>> MetricsAfter(DateTimeOffset from, DateTimeOffset to)
    {
        List<EnvironmentWatch> begun = [.. _environments.Where(environment => environment.Begun)];
        var looks = begun.Select(environment => Attempt(
            context.RunActivity(ReleaseActivities.Observe, new ObserveInput(environment.Environment.Watch, from, to)), ForwardTimeout)).ToList();
        var all = Task.WhenAll(looks);
        await Pump(() => all.IsCompleted, all, null, interruptible: false);
        return [.. begun.Zip(await all, (environment, seen) =>
            RecoveryJudge.Judge(environment.Plan, seen.Value?.Observations ?? [], seen.Value?.Problem ?? seen.Problem).Named(environment.In))];
    }

    /// <summary>What speaks against recovery, what else is worth saying, and whether telemetry shows the hook's traffic still with the new version.</summary>
    private sealed record Doubts(List<string> Bad, IReadOnlyList<string> Notes, bool StillExposed);

    private static DateTimeOffset NextInterval(DateTimeOffset at, TimeSpan interval)
    {
        var rest = at.UtcTicks % interval.Ticks;
        return rest == 0 ? at.ToUniversalTime() : new DateTimeOffset(at.UtcTicks - rest + interval.Ticks, TimeSpan.Zero);
    }

    /// <summary>The flags that were changed since they were read back as undone, verifying takes minutes; and those that nobody could look at, since they may
    /// have been. What is to be said of them; empty: all is as it was left.</summary>
    /// <param name="seenOnly">Those that were changed alone: while something is wrong, nothing waits for a store that does not answer.</param>
    private async Task<(IReadOnlyList<FlagKey> Flags, string Sentence)> ChangedAgain(bool seenOnly = false)
    {
        var look = await Forward(context.RunActivity(ReleaseActivities.VerifyFlags, new VerifyFlagsInput([.. _left.Values])), interruptible: false);
        var seen = look.Value?.Flags ?? [];
        List<FlagKey> changed = [.. seen.Where(flag => flag.ETag != _left[flag.Key].ETag && flag.Json != _captured[flag.Key].Json).Select(flag => flag.Key)];
        if (!loaded.EndsWithWhatItSaw) return (changed, changed.Count == 0 ? "" : $"changed again meanwhile and taken back: {string.Join(", ", changed)}");

        // A read of the past is no look.
        var known = seen.Where(flag => !(loaded.CountsNoLateLook
            ? flag.MayBeOfThePast(_captured[flag.Key], _left[flag.Key])
            : flag.IsOfThePast(_captured[flag.Key], _left[flag.Key]))).Select(flag => flag.Key).Concat(_flagsGone);
        List<FlagKey> unseen = seenOnly ? [] : [.. _left.Keys.Except(known).Except(changed)];
        List<string> sentences =
        [
            .. changed.Count > 0 ? [$"changed again meanwhile: {string.Join(", ", changed)}"] : Array.Empty<string>(),
            .. unseen.Count > 0 ? [$"could not be looked at: {string.Join(", ", unseen)}"] : Array.Empty<string>(),
        ];
        return ([.. changed, .. unseen], string.Join("; ", sentences));
    }

    /// <summary>One more look at the flags at the end, since caches or further levels took their time behind the last one: what was turned on meanwhile is
    /// taken back. False: it could not be.</summary>
    private async Task<bool> StaysBack()
    {
        if (await ChangedAgain() is not { Sentence.Length: > 0 } again) return true;
        foreach (var name in again.Flags) _flagsUndone.Remove(name);
        return await RestoreFlags(context.Now + (_plan.Levels.FirstOrDefault(level => level.Level == 1)?.Budget ?? RescueBudget)) is { Count: 0 };
    }
}
