using System.Diagnostics;
using Slipway.Benchmarks.Speed.Hosts;

namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>What one more event costs behind a history of a length, and what it costs to read a whole one again.</summary>
internal sealed class Histories : IAsyncDisposable
{
    /// <summary>An activity is two lines of history: that it was asked for, and how it ended.</summary>
    private const int LinesOfOne = 2;

    private readonly TemporaryData _data = new();
    private readonly Stepper _stepper = new();
    private EngineFile _file;
    private int _instances;

    public Histories() => _file = EngineFile.Start(_data.Path, _stepper.Registry);

    /// <summary>A new orchestration with a history of about so many lines.</summary>
    public async Task<string> GrowAsync(int lines)
    {
        var id = FormattableString.Invariant($"history-{_instances++}");
        await Stepper.StartAsync(_file.Engine, id);
        await StepAsync(id, lines / LinesOfOne, atATime: 32);
        return id;
    }

    /// <summary>What one activity costs whose orchestration does nothing else, and is alone: processor time of the whole process, and time with its commit.</summary>
    public async Task<EventCost> CostAsync(string id, int activities)
    {
        var (processor, start) = (SpeedRun.Processor(), Stopwatch.GetTimestamp());
        await StepAsync(id, activities, atATime: 1);
        var took = Stopwatch.GetElapsedTime(start);
        return new EventCost((SpeedRun.Processor() - processor).TotalMicroseconds / activities, took.TotalMicroseconds / activities);
    }

    /// <summary>Ends one, so that no later engine takes it up.</summary>
    public Task EndAsync(string id) => Stepper.EndAsync(_file.Engine, id);

    /// <summary>Seconds until an engine that knows nothing has read a history from the file, replayed it, and run the activity that comes next.</summary>
    public async Task<double> ReplayAsync(string id)
    {
        await _file.DisposeAsync();
        _file = EngineFile.Open(_data.Path, _stepper.Registry);
        var next = await _stepper.TellAsync(_file.Engine, id, 0);
        var start = Stopwatch.GetTimestamp();
        _file.Run();
        await _file.UntilAsync(next);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _data.Dispose();
    }

    private async Task StepAsync(string id, int activities, int atATime) => await _file.UntilAsync(await _stepper.TellAsync(_file.Engine, id, activities, atATime));
}

/// <summary>What one event cost.</summary>
/// <param name="Processor">Microseconds of processor time.</param>
/// <param name="Elapsed">Microseconds until it was durable and the next one was under way.</param>
internal readonly record struct EventCost(double Processor, double Elapsed);
