using System.Text.Json;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>Code that no longer follows its history stands still with the first differing step named.</summary>
public sealed class DeterminismTests
{
    private static WorkflowRegistry Registry(string second = "bake.v1", int minutes = 10, string signal = "go", bool extra = false, bool early = false)
    {
        var registry = new WorkflowRegistry();
        var shift = registry.Activity<int, string>("shift.v1", percent => $"{percent}");
        var next = registry.Activity<int, string>(second, percent => $"{percent}");
        registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            await context.RunActivity(shift, 5);
            if (early)
                return "early";
            var parallel = extra ? context.RunActivity(shift, 25) : null;
            await context.RunActivity(next, 1);
            await context.SleepUntil(context.Now.AddMinutes(minutes));
            var word = await context.WaitForSignal(signal);
            return word + (parallel is null ? "" : await parallel);
        });
        return registry;
    }

    private static readonly WorkflowName<int, string> Workflow = new("w.v1");

    public static TheoryData<string, string> Changes => new()
    {
        { "another activity", "At history event 3 (step 1) history has activity bake.v1, but the code asked for activity verify.v1." },
        { "another time", "At history event 5 (step 2) history has a timer due 2026-03-02T09:10:00.0000000+00:00, but the code asked for a timer due 2026-03-02T09:20:00.0000000+00:00." },
        { "another signal", "At history event 7 (step 3) history has waiting for signal \"go\", but the code asked for waiting for signal \"wake\"." },
        { "one more step", "At history event 3 (step 1) history has activity bake.v1, but the code asked for activity shift.v1." },
        { "an early end", "At history event 3 (step 1) history has activity bake.v1, but the code asked for the end of the workflow." },
    };

    private static WorkflowRegistry Changed(string change) => change switch
    {
        "another activity" => Registry(second: "verify.v1"),
        "another time" => Registry(minutes: 20),
        "another signal" => Registry(signal: "wake"),
        "one more step" => Registry(extra: true),
        _ => Registry(early: true),
    };

    private static async Task<(SlipwayDatabase Database, VirtualTimeProvider Time)> RunToTheSignal()
    {
        var database = SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        await using var engine = new EmbeddedEngine(database, Registry(), time);
        await engine.StartAsync(Workflow, "one", 0);
        await engine.RunVirtualAsync(EngineHarness.Start.AddHours(1));
        return (database, time);
    }

    [Theory, MemberData(nameof(Changes))]
    public async Task Changed_code_faults_the_instance_names_the_first_difference_and_leaves_history(string change, string expected)
    {
        var (database, time) = await RunToTheSignal();
        await using var _ = database;
        var incidents = new List<EngineIncident>();
        await using (var engine = new EmbeddedEngine(database, Changed(change), time, new EngineOptions { OnIncident = incidents.Add }))
        {
            var before = HistoryJson.ToLines(await engine.ReadHistoryAsync("one"));
            await engine.RunUntilIdleAsync();
            var info = (await engine.GetAsync("one"))!;
            Assert.Equal((InstanceStatus.Faulted, "Slipway.NonDeterministicWorkflow"), (info.Status, info.ErrorType));
            Assert.Equal($"w.v1 is not deterministic, or its code has changed. {expected}", info.ErrorMessage);
            Assert.Equal(info.ErrorMessage, Assert.Single(incidents).Message);
            Assert.Equal(before, HistoryJson.ToLines(await engine.ReadHistoryAsync("one")));
            Assert.True(await engine.SignalAsync("one", "go", "kept"));
            await engine.RunUntilIdleAsync();
            Assert.Equal(InstanceStatus.Faulted, (await engine.GetAsync("one"))!.Status);
        }

        await using (var right = new EmbeddedEngine(database, Registry(), time))
        {
            Assert.True(await right.ResumeFaultedAsync("one"));
            await right.RunUntilIdleAsync();
            Assert.Equal("kept", (await right.GetAsync("one"))!.Output!.Value.GetString());
            Assert.False(await right.ResumeFaultedAsync("one"));
        }
    }

    [Fact]
    public async Task A_parent_is_told_that_its_child_faulted()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var version = 1;
        var registry = new WorkflowRegistry();
        var child = registry.Workflow<int, string>("child.v1", (context, _) => context.WaitForSignal($"signal {version}"));
        var parent = registry.Workflow<int, string>("parent.v1", async (context, _) =>
        {
            try
            {
                return await context.RunChild(child, "kid", 0);
            }
            catch (ActivityFailedException error)
            {
                return error.ErrorType;
            }
        });
        await using (var engine = new EmbeddedEngine(database, registry, time))
        {
            await engine.StartAsync(parent, "one", 0);
            await engine.RunUntilIdleAsync();
        }

        version = 2;
        await using var next = new EmbeddedEngine(database, registry, time);
        await next.RunUntilIdleAsync();
        Assert.Equal("Slipway.NonDeterministicWorkflow", (await next.GetAsync("one"))!.Output!.Value.GetString());
    }

    [Fact]
    public async Task Awaiting_something_that_is_not_the_engines_faults_with_the_reason()
    {
        await using var harness = new EngineHarness();
        var never = new TaskCompletionSource<string>();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (_, _) => never.Task);
        var info = await harness.RunOne(workflow, 0);
        Assert.Equal(InstanceStatus.Faulted, info.Status);
        Assert.Contains("waits for something that the engine does not know", info.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_FollowsARecordedHistoryAndFindsTheFirstDifference()
    {
        var (database, time) = await RunToTheSignal();
        await using var _ = database;
        await using var engine = new EmbeddedEngine(database, Registry(), time);
        await engine.SignalAsync("one", "go", "done");
        await engine.RunUntilIdleAsync();
        var exported = HistoryJson.ToLines(await engine.ReadHistoryAsync("one"));
        var history = HistoryJson.FromLines(exported);
        Assert.Equal(exported, HistoryJson.ToLines(history));
        Assert.True(ReplayVerifier.Replay(Registry(), history).Ok);
        foreach (var (change, expected) in Changes.Select(row => (row.Data.Item1, row.Data.Item2)))
            Assert.Equal(expected, ReplayVerifier.Replay(Changed(change), history).Difference?.ToString());
        Assert.Contains("w.v1", ReplayVerifier.Replay(new WorkflowRegistry(), history).Difference!.Recorded, StringComparison.Ordinal);

        var otherInput = history.Select(line => line is { Kind: HistoryEventKind.ActivityScheduled, Step: 0 } ? line with { Data = JsonElement.Parse("6") } : line);
        Assert.Equal(
            "At history event 1 (step 0) history has activity shift.v1 with 6, but the code asked for activity shift.v1 with 5.",
            ReplayVerifier.Replay(Registry(), [.. otherInput]).Difference?.ToString());
        Assert.Throws<JsonException>(() => HistoryJson.FromLines("{\"kind\":"));
    }

    [Fact]
    public async Task NewGuid_IsTheSameAtEveryReplayAndDiffersWithinAndBetweenInstances()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var made = new List<(string Instance, bool Replaying, Guid Id)>();
        var registry = new WorkflowRegistry();
        var workflow = registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            made.Add((context.InstanceId, context.IsReplaying, context.NewGuid()));
            await context.WaitForSignal("go");
            made.Add((context.InstanceId, context.IsReplaying, context.NewGuid()));
            return "";
        });
        for (var engines = 0; engines < 2; engines++)
        {
            await using var engine = new EmbeddedEngine(database, registry, time);
            await engine.StartAsync(workflow, "one", 0);
            await engine.StartAsync(workflow, "two", 0);
            await engine.RunUntilIdleAsync();
            if (engines == 1)
            {
                await engine.SignalAsync("one", "go", "");
                await engine.RunUntilIdleAsync();
            }
        }

        var one = made.Where(id => id.Instance == "one").ToList();
        Assert.Equal([false, true, false], one.Select(id => id.Replaying));
        Assert.Equal(one[0].Id, one[1].Id);
        Assert.Equal(3, made.Select(id => id.Id).Distinct().Count());
        Assert.All(made, id => Assert.Equal(8, id.Id.Version));
    }
}
