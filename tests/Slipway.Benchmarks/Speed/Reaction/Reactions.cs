using System.Diagnostics;
using System.Globalization;
using Slipway.Benchmarks.Speed.Hosts;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Benchmarks.Speed.Reaction;

/// <summary>
/// Releases that are all exposed and watched at the same time on one host; some of them break, and each is timed from the moment at which the observation
/// is stored that its judge takes it back for, to the moment at which its flag was read back and found off. (A crossing that is new has to be there in a
/// second interval: that the judge waits for it is no matter of speed.)
/// </summary>
internal sealed class Reactions : IAsyncDisposable
{
    private readonly TemporaryData _data = new();
    private readonly ReactionCase _kind;
    private readonly ReleaseHost _host;
    private readonly WatchedFlags _flags;
    private readonly Traffic _traffic;
    private readonly Queue<string> _healthy;

    private Reactions(ReactionCase kind)
    {
        _kind = kind;
        WatchedFlags? watched = null;
        _host = ReleaseHost.Start(_data.Path, store => watched = new WatchedFlags(store));
        _flags = watched!;
        _healthy = new Queue<string>(Enumerable.Range(0, kind.Releases).Select(number => string.Create(CultureInfo.InvariantCulture, $"watched-{number:00000}")));
        _traffic = new Traffic(_host, kind.Interval, _healthy);
    }

    /// <summary>Starts them and waits until each shows half of its users the new version.</summary>
    public static async Task<Reactions> StartAsync(ReactionCase kind)
    {
        var reactions = new Reactions(kind);
        var started = new List<ReleaseId>();
        foreach (var name in reactions._healthy) started.Add(await reactions._host.StartAsync(ReleaseShapes.Watched(name, kind.Interval, kind.Delay)));
        foreach (var release in started) await reactions._host.UntilAsync(release, ReleasePhase.Baking);
        return reactions;
    }

    /// <summary>How many are still as they should be.</summary>
    public int Healthy => _healthy.Count;

    /// <summary>Breaks so many at the same moment and waits until all of them are safe; how long each took.</summary>
    public async Task<IReadOnlyList<ReactionTime>> BreakAsync(int releases)
    {
        var broken = Enumerable.Range(0, releases).Select(_ => _healthy.Dequeue()).Select(TimeAsync).ToList();
        var took = await Task.WhenAll(broken).WaitAsync(TimeSpan.FromMinutes(5));
        return _host.Incidents.IsEmpty ? took : throw new InvalidOperationException(string.Join("; ", _host.Incidents));
    }

    private async Task<ReactionTime> TimeAsync(string name)
    {
        var safe = _flags.OffAsync(name);
        _traffic.Break(name);
        var off = await safe;
        var entries = await _host.Journal.ReadAsync(ReleaseId.Parse(name), 0, default);
        var until = entries.Where(entry => entry.Type == "interval.judged.v1").Select(entry => (IntervalJudged)entry.Read()).First(judged => judged.Assessment.Verdict == Verdict.Fail).JudgedUntil;
        return new ReactionTime(Milliseconds(_traffic.StoredAt(name, until - _kind.Interval)), Milliseconds(_traffic.StoredAt(name)));

        double Milliseconds(long since) => Stopwatch.GetElapsedTime(since, off).TotalMilliseconds;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _traffic.DisposeAsync();
        await _host.DisposeAsync();
        _data.Dispose();
    }
}

/// <summary>One crowd.</summary>
/// <param name="Releases">How many are exposed at the same time.</param>
/// <param name="Interval">The length of an interval, and the period in which each is looked at.</param>
/// <param name="Delay">How long after its end an interval is judged: the request says so, and whatever is fast waits for it.</param>
internal sealed record ReactionCase(int Releases, TimeSpan Interval, TimeSpan Delay);

/// <summary>How long one release took until its flag was verified off, in milliseconds.</summary>
/// <param name="Decided">Since the observation was stored that it was taken back for.</param>
/// <param name="First">Since the first observation was stored that tells of failing requests.</param>
internal readonly record struct ReactionTime(double Decided, double First);
