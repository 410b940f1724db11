using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Slipway.Benchmarks.Speed.Hosts;
using Slipway.Core.Releases;
using Slipway.Embedded.Telemetry;

namespace Slipway.Benchmarks.Speed.Reaction;

/// <summary>
/// The applications of many releases: at the end of each interval each of them sends what it counted, as the body of <c>POST /telemetry</c>, through the
/// same reading and storing. Half of the requests reach the new version while its flag is on.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int RequestsOfAnArm = 500;

    private readonly ReleaseHost _host;
    private readonly TimeSpan _interval;
    private readonly ConcurrentDictionary<string, Application> _applications = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly IDisposable _subscription;
    private readonly Task _sending;

    public Traffic(ReleaseHost host, TimeSpan interval, IEnumerable<string> services)
    {
        (_host, _interval) = (host, interval);
        foreach (var service in services) _applications[service] = new Application();
        _subscription = host.Flags.Subscribe(flag => _applications[flag.Key.Name].Exposed = flag.Enabled && flag.Exposure > Percentage.Zero);
        _sending = SendAsync();
    }

    /// <summary>From the next interval on the new version of a service fails half of its requests.</summary>
    public void Break(string service) => _applications[service].BreaksAt = _host.Time.GetUtcNow();

    /// <summary>The moment (<see cref="Stopwatch.GetTimestamp"/>) at which the observation of an interval was stored that tells of failing requests; of the
    /// first one when no interval is named.</summary>
    public long StoredAt(string service, DateTimeOffset? start = null)
    {
        var stored = _applications[service].Stored;
        return start is { } at ? stored[at] : stored.MinBy(entry => entry.Key).Value;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _subscription.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            for (var start = IntervalOf(_host.Time.GetUtcNow()); ; start += _interval)
            {
                var wait = start + _interval - _host.Time.GetUtcNow();
                if (wait > TimeSpan.Zero) await Task.Delay(wait + TimeSpan.FromMilliseconds(1), _stop.Token);
                var from = start;
                await Task.WhenAll(_applications.Select(application => Task.Run(() => SendAsync(application.Key, application.Value, from), _stop.Token)));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody is measured any more.
        }
    }

    private async Task SendAsync(string service, Application application, DateTimeOffset start)
    {
        var breaks = application.Exposed && application.BreaksAt <= start;
        var body = new StringBuilder(FormattableString.Invariant($$"""{"batch_id":"{{service}}/{{start.ToUnixTimeSeconds()}}","service":"{{service}}","rows":[{{Row("control", start, 0)}}"""));
        if (application.Exposed) body.Append(',').Append(Row("canary", start, breaks ? RequestsOfAnArm / 2 : 0));
        var batch = TelemetryBatchReader.Read(Encoding.UTF8.GetBytes(body.Append("]}").ToString()), _host.Time.GetUtcNow());
        if (batch.Problems.Count > 0) throw new InvalidOperationException(batch.Problems[0].ToString());
        await _host.Telemetry.IngestAsync(batch.Rows, _stop.Token);
        if (breaks) application.Stored[start] = Stopwatch.GetTimestamp();
    }

    private static string Row(string arm, DateTimeOffset start, int errors) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"arm":"{{arm}}","start":"{{start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}}","requests":{{RequestsOfAnArm}},"errors":{{errors}},"latency_buckets":{"81":{{RequestsOfAnArm}} } }""");

    private DateTimeOffset IntervalOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % _interval.Ticks), TimeSpan.Zero);

    private sealed class Application
    {
        public volatile bool Exposed;

        public DateTimeOffset BreaksAt { get; set; } = DateTimeOffset.MaxValue;

        public ConcurrentDictionary<DateTimeOffset, long> Stored { get; } = [];
    }
}
