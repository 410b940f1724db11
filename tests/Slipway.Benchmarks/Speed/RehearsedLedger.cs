using System.Collections.Concurrent;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Running;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.World;

namespace Slipway.Benchmarks.Speed;

/// <summary>
/// The ledger of a release that ran from start to end in a rehearsal: written by the workflow itself, judged by the judge itself. It is the stuff that
/// what reads ledgers is measured with.
/// </summary>
/// <param name="Entries">The entries as the workflow wrote them, and that aftercare is over, since nothing else is to run.</param>
internal sealed record RehearsedLedger(IReadOnlyList<(LedgerEntry Entry, LedgerBody Body)> Entries)
{
    /// <summary>Rehearses once. Throws <see cref="InvalidOperationException"/> when the request is refused.</summary>
    /// <param name="subject">What is released.</param>
    /// <param name="scenario">What happens to it.</param>
    public static Task<RehearsedLedger> OfAsync(RehearsalSubject subject, string scenario) => Known.GetOrAdd((subject.ContentHash, scenario), _ => RunAsync(subject, scenario));

    /// <summary>One that both parts of a run ask for is rehearsed once.</summary>
    private static readonly ConcurrentDictionary<(string, string), Task<RehearsedLedger>> Known = new();

    private static async Task<RehearsedLedger> RunAsync(RehearsalSubject subject, string scenario)
    {
        var chosen = ScenarioLibrary.Find(scenario) ?? throw new InvalidOperationException($"There is no scenario {scenario}.");
        var script = chosen.Scenario.Script(subject, Rehearsals.StageOf(subject, chosen));
        await using var world = new RehearsalWorld(subject, script, RandomStream.KeyOf($"{subject.ContentHash}\n{scenario}"));
        if (await world.RunAsync(default) is { } refused) throw new InvalidOperationException($"The release does not start: {refused}");
        List<(LedgerEntry Entry, LedgerBody Body)> entries = [.. world.Entries.Select(entry => (entry, entry.Read()))];
        foreach (var body in (LedgerBody[])[new AftercareBegun([]), new AftercareEnded("nothing is due")])
        {
            var last = entries[^1].Entry;
            entries.Add((LedgerChain.Link(last, new LedgerDraft($"aftercare:{last.Sequence}", last.At, "slipway", body)), body));
        }

        return new RehearsedLedger(entries);
    }

    /// <summary>The same release as it would be had somebody stopped it before an entry of a kind.</summary>
    public RehearsedLedger StoppedBefore<T>()
        where T : LedgerBody
    {
        List<(LedgerEntry Entry, LedgerBody Body)> entries = [.. Entries.TakeWhile(pair => pair.Body is not T)];
        foreach (var body in (LedgerBody[])
            [new PhaseEntered(ReleasePhase.Failed, ReleaseTrigger.Abort, -1, "stopped by a person: another date", null, ""), new ReleaseEnded(ReleasePhase.Failed, "stopped by a person: another date", [])])
        {
            var last = entries[^1].Entry;
            entries.Add((LedgerChain.Link(last, new LedgerDraft($"stopped:{last.Sequence}", last.At, "slipway", body)), body));
        }

        return new RehearsedLedger(entries);
    }

    /// <summary>The same course under another name and at another time, as drafts; what bodies say of times stays.</summary>
    /// <param name="release">Its id.</param>
    /// <param name="title">Its title.</param>
    /// <param name="version">Its version.</param>
    /// <param name="begins">The time of the first entry.</param>
    public IReadOnlyList<LedgerDraft> As(ReleaseId release, string title, string version, DateTimeOffset begins)
    {
        var later = begins - Entries[0].Entry.At;
        return [.. Entries.Select(pair => new LedgerDraft(pair.Entry.EntryId, pair.Entry.At + later, pair.Entry.Actor, Renamed(pair.Body, release, title, version)))];
    }

    private static LedgerBody Renamed(LedgerBody body, ReleaseId release, string title, string version)
    {
        if (body is not ReleaseCreated created) return body;
        var request = created.Request with { Release = created.Request.Release with { Id = release, Title = title, Version = version } };
        return created with { Request = request, Plan = created.Plan with { ReleaseId = release }, ContentHash = RequestHash.Of(request) };
    }
}
