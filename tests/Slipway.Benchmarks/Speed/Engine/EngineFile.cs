using Slipway.Embedded.Engine;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>The embedded engine as a server has it: over a file on the disk, in real time, running.</summary>
internal sealed class EngineFile : IAsyncDisposable
{
    private readonly SlipwayDatabase _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _incident = new();
    private Task _run = Task.CompletedTask;

    private EngineFile(SlipwayDatabase database, WorkflowRegistry registry)
    {
        _database = database;
        Engine = new EmbeddedEngine(database, registry, new SteadyTimeProvider(TimeProvider.System), new EngineOptions
        {
            OnIncident = incident => _incident.TrySetException(new InvalidOperationException($"{incident.InstanceId}: {incident.Message}", incident.Error)),
        });
    }

    /// <summary>The engine.</summary>
    public EmbeddedEngine Engine { get; }

    /// <summary>Opens the file of a folder and lets its engine run.</summary>
    public static EngineFile Start(string folder, WorkflowRegistry registry)
    {
        var file = Open(folder, registry);
        file.Run();
        return file;
    }

    /// <summary>Opens the file of a folder; its engine stands still.</summary>
    public static EngineFile Open(string folder, WorkflowRegistry registry) => new(SlipwayDatabase.Open(folder), registry);

    /// <summary>Lets the engine run.</summary>
    public void Run() => _run = Task.Run(() => Engine.RunAsync(_stop.Token));

    /// <summary>Waits for something that the engine does; throws what it met on its way there.</summary>
    public async Task UntilAsync(Task something) => await await Task.WhenAny(something, _run, _incident.Task);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await Engine.DisposeAsync();
        await _database.DisposeAsync();
        _stop.Dispose();
    }
}
