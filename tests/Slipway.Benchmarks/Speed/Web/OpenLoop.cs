using System.Collections.Concurrent;
using System.Diagnostics;

namespace Slipway.Benchmarks.Speed.Web;

/// <summary>What a load found.</summary>
/// <param name="Median">Milliseconds from the moment at which a request was due until its whole answer was there, median.</param>
/// <param name="P99">The same, 99th percentile.</param>
/// <param name="Requests">How many were sent.</param>
/// <param name="Processor">Milliseconds of processor time of this process for each: server, client and everything that ran meanwhile.</param>
/// <param name="Bytes">The largest body.</param>
internal sealed record Load(double Median, double P99, int Requests, double Processor, long Bytes);

/// <summary>
/// Offers requests at a fixed rate whatever becomes of those before: a request counts from when it was due, so that a server that stands still for a
/// moment pays for all that came meanwhile. Connections are kept. Client and server are one process on the same cores.
/// </summary>
internal static class OpenLoop
{
    /// <summary>Requests a second.</summary>
    public const int Rate = 200;

    /// <summary>Sends requests for a while, after having sent some as fast as they were answered so that what runs is compiled. Throws
    /// <see cref="InvalidOperationException"/> at an answer that is no success.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The address of the n-th request.</param>
    /// <param name="warmUp">How many are sent before.</param>
    /// <param name="duration">For how long.</param>
    public static async Task<Load> RunAsync(HttpClient client, Func<int, string> path, int warmUp, TimeSpan duration)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, warmUp), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, _) => await GetAsync(client, path(n)));
        GC.Collect();
        var requests = (int)(duration.TotalSeconds * Rate);
        var (took, bytes, answers) = (new ConcurrentBag<double>(), 0L, new Task[requests]);
        var processor = SpeedRun.Processor();

        // A thread of its own keeps the time, so that a full thread pool makes nothing look punctual.
        await Task.Factory.StartNew(
            () =>
            {
                var start = Stopwatch.GetTimestamp();
                for (var n = 0; n < requests; n++)
                {
                    var due = start + (long)(n * (double)Stopwatch.Frequency / Rate);
                    // A sleep of whole milliseconds is late by up to one, which counts; looking at the clock all the time would take a core away.
                    while (Stopwatch.GetTimestamp() is var now && now < due) Thread.Sleep(Math.Max(1, (int)((due - now) * 1000 / Stopwatch.Frequency)));
                    var number = n;
                    answers[n] = Task.Run(async () =>
                    {
                        var size = await GetAsync(client, path(number));
                        took.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                        InterlockedMax(ref bytes, size);
                    });
                }
            },
            TaskCreationOptions.LongRunning);
        await Task.WhenAll(answers);
        return new Load(SpeedRun.Percentile(took, 0.5), SpeedRun.Percentile(took, 0.99), requests, (SpeedRun.Processor() - processor).TotalMilliseconds / requests, bytes);
    }

    private static async Task<long> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode}");
        return (await answer.Content.ReadAsByteArrayAsync()).Length;
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var known = Interlocked.Read(ref target); value > known;)
        {
            var before = Interlocked.CompareExchange(ref target, value, known);
            if (before == known) return;
            known = before;
        }
    }
}
