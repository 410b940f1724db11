using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>An engine in virtual time over a database that outlives it.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public EngineHarness(SlipwayDatabase? database = null, EngineOptions? options = null)
    {
        Database = database ?? SlipwayDatabase.OpenInMemory();
        Options = (options ?? new EngineOptions()) with { OnIncident = Incidents.Add };
    }

    public WorkflowRegistry Registry { get; init; } = new();

    public VirtualTimeProvider Time { get; init; } = new(Start);

    public SlipwayDatabase Database { get; }

    /// <summary>Where the engine stores, instead of the database; null: there.</summary>
    public IEngineStore? Store { get; init; }

    public EngineOptions Options { get; }

    public List<EngineIncident> Incidents { get; } = [];

    /// <summary>The engine, made at first use so that workflows can be registered before.</summary>
    public EmbeddedEngine Engine => field ??= new EmbeddedEngine(Store ?? new SqliteEngineStore(Database), Registry, Time, Options);

    public DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    public async Task<VirtualRunEnd> Run(double minutes = 24 * 60) => await Engine.RunVirtualAsync(Start.AddMinutes(minutes));

    /// <summary>Starts one instance with the id <c>one</c>, runs it and returns what it became.</summary>
    public async Task<InstanceInfo> RunOne<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, TInput input)
    {
        Assert.True(await Engine.StartAsync(workflow, "one", input));
        Assert.Equal(VirtualRunEnd.Idle, await Run());
        return await Info("one");
    }

    public async Task<InstanceInfo> Info(string id) => (await Engine.GetAsync(id))!;

    public async Task<string> Output(string id)
    {
        var info = await Info(id);
        Assert.True(info.Status == InstanceStatus.Completed, $"{id} is {info.Status}: {info.ErrorMessage}");
        return info.Output!.Value.GetString()!;
    }

    public Task<long> Count(string table) => Database.ReadAsync(connection => (long)connection.Scalar($"SELECT count(*) FROM {table}")!);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Database.DisposeAsync();
    }
}
