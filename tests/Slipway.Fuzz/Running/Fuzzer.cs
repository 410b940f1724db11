using System.Diagnostics;

namespace Slipway.Fuzz.Running;

/// <summary>
/// Feeds a target with mutated inputs. An input with an outcome that was not seen before stays in the pool and is mutated on, which leads step
/// by step to the far ends of a reader without instrumenting it. Deterministic by seed, but for what is measured.
/// </summary>
/// <param name="target">What reads.</param>
/// <param name="seeds">What to begin with; not empty.</param>
/// <param name="seed">Chooses the inputs.</param>
internal sealed class Fuzzer(IFuzzTarget target, IReadOnlyList<byte[]> seeds, ulong seed)
{
    /// <summary>Longer than this no input may take, of processor time: on a machine that is busy with something else a clock shows what that takes.
    /// One that waits without working is ended by <see cref="Watchdog"/>.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private const int MostKept = 4_000;

    /// <summary>From this many milliseconds on an input is read again.</summary>
    private const double Suspect = 50;

    private const int LongestKept = 20_000;

    private readonly HashSet<string> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FuzzFinding> _findings = new(StringComparer.Ordinal);
    private readonly List<byte[]> _pool = [];
    private double _slowest;
    private byte[] _slowestInput = [];
    private long _mostBytes;
    private int _longestInput;

    /// <summary>More memory than this must not be allocated for an input: some of the readers keep a node of 100 bytes and more for each byte, and all
    /// that is allocated counts, also what is freed at once.</summary>
    /// <param name="length">Of the input, in bytes.</param>
    public static long MemoryBound(int length) => (4L * 1024 * 1024) + (1024L * length);

    /// <summary>Reads the seeds, and then so many mutations.</summary>
    /// <param name="inputs">How many, with the seeds.</param>
    /// <param name="until">Ends it before; by <see cref="Stopwatch.GetTimestamp"/>.</param>
    public FuzzResult Run(long inputs, long until = long.MaxValue)
    {
        using var watchdog = new Watchdog(target.Name);
        var random = new FuzzRandom(seed);
        var mutator = new Mutator(random, target.Words);
        WarmUp();
        long count = 0;
        foreach (var one in seeds.Take((int)Math.Min(inputs, int.MaxValue)))
        {
            Take(watchdog, one);
            count++;
        }

        if (_pool.Count == 0) _pool.Add(seeds[0]);
        while (count < inputs && (count % 256 != 0 || Stopwatch.GetTimestamp() < until))
        {
            Take(watchdog, mutator.Mutate(random.Of(_pool), random.Of(_pool)));
            count++;
        }

        return new FuzzResult(target.Name, count, _outcomes.Count, _slowest, _slowestInput, _mostBytes, _longestInput, [.. _findings.Values], _pool);
    }

    /// <summary>Reads the seeds once before anything is measured: the first call of anything is compiled first.</summary>
    private void WarmUp()
    {
        foreach (var one in seeds)
        {
            try
            {
                target.Read(one);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Found again when it is measured.
            }
        }
    }

    private void Take(Watchdog watchdog, byte[] input)
    {
        var reading = Measure(watchdog, input);

        // What is slow because the machine did something else meanwhile is fast at another time.
        for (var again = 0; again < 3 && reading.Milliseconds > Suspect && reading.Fault?.Kind != "crash"; again++)
        {
            var other = Measure(watchdog, input);
            if (other.Milliseconds < reading.Milliseconds) reading = other;
        }

        _longestInput = Math.Max(_longestInput, input.Length);
        if (reading.Milliseconds > _slowest) (_slowest, _slowestInput) = (reading.Milliseconds, input);
        _mostBytes = Math.Max(_mostBytes, reading.Bytes);
        if (_outcomes.Add(reading.Outcome) && _pool.Count < MostKept && input.Length <= LongestKept) _pool.Add(input);
        if (reading.Fault is not { } fault || _findings.ContainsKey(fault.What)) return;
        _findings[fault.What] = fault with { Input = fault.Kind == "slow" ? input : Shrinker.Shrink(input, smaller => Measure(watchdog, smaller).Fault?.What == fault.What) };
    }

    private Reading Measure(Watchdog watchdog, byte[] input)
    {
        watchdog.Begin(input);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var (start, worked) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        string outcome;
        FuzzFinding? fault = null;
        try
        {
            outcome = target.Read(input);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var place = new StackTrace(error).GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(method => method?.DeclaringType?.Namespace?.StartsWith("Slipway", StringComparison.Ordinal) == true);
            outcome = $"{error.GetType().Name} {(error is BrokenPromiseException ? error.Message : $"in {place?.DeclaringType?.Name}.{place?.Name}")}";
            fault = new FuzzFinding("crash", outcome, input);
        }

        // The processor time is that of the process, whose other threads (compiling, collecting) may add to it.
        var (elapsed, cpu) = (Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - worked);
        if (cpu < elapsed) elapsed = cpu;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        watchdog.End();
        if (fault is null && elapsed > Longest) fault = new FuzzFinding("slow", "an input took more than a second", input);
        if (fault is null && bytes > MemoryBound(input.Length)) fault = new FuzzFinding("memory", "an input made it allocate beyond the bound", input);
        return new Reading(outcome, elapsed.TotalMilliseconds, bytes, fault);
    }

    private sealed record Reading(string Outcome, double Milliseconds, long Bytes, FuzzFinding? Fault);
}
