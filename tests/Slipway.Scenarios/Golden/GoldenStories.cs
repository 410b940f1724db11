using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.Stories;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Golden;

/// <summary>The kinds of ending, by the name of their files.</summary>
internal static class GoldenStories
{
    private static readonly DateTimeOffset FlagsAway = ReleaseWorld.Epoch.AddMinutes(8);

    /// <summary>Two stages are enough for every ending, and keep the files small.</summary>
    private static readonly ReleaseRequest TwoStages = Shortened(Requests.Canary());

    private static readonly ReleaseRequest ThreeLevels = Shortened(Requests.ThreeLevels());

    private static readonly GoldenStory RollbackWhileBaking = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
    {
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
    });

    public static IReadOnlyDictionary<string, GoldenStory> All { get; } = new Dictionary<string, GoldenStory>(StringComparer.Ordinal)
    {
        ["completed"] = new(ReleasePhase.Completed, Requests.Canary(), (_, _) => Task.CompletedTask),
        ["breach-at-first-stage"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
            Break(world);
        }),
        ["breach-at-last-stage"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            Break(world);
        }),
        ["rollback-while-baking"] = RollbackWhileBaking,

        // The same, recorded by the build that had revision 1.
        ["rollback-while-baking-revision-1"] = RollbackWhileBaking,
        ["rollback-while-paused"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            await world.CommandAsync(release, ReleaseCommandKind.Pause);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(5));
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        }),
        ["abort-before-exposure"] = new(ReleasePhase.Failed, TwoStages with { Release = TwoStages.Release with { StartAt = ReleaseWorld.Epoch.AddHours(2) } }, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Waiting);
            await world.CommandAsync(release, ReleaseCommandKind.Abort);
        }),
        ["preflight-failed"] = new(ReleasePhase.Failed, TwoStages, (world, _) =>
        {
            world.Probe.Answer = (_, _) => new ProbeResult(503, 20, "", "");
            return Task.CompletedTask;
        }),
        ["blind"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
            var dead = world.Time.GetUtcNow();
            world.Service.Reports = (_, at) => at < dead;
        }),
        ["three-levels-failed"] = new(ReleasePhase.Failed, ThreeLevels, async (world, _) =>
        {
            await world.RunUntilAsync(TimeSpan.FromMinutes(9));
            Break(world);
        })
        {
            Faults =
            [
                FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= FlagsAway),
                FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= FlagsAway),
            ],
        },
        ["flag-drift"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
            await world.MeddleAsync(Requests.Flag, new Percentage(80));
            await world.RunUntilAsync(release, ReleasePhase.Paused);
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        }),
        ["shift-failed"] = new(ReleasePhase.RolledBack, TwoStages, (_, _) => Task.CompletedTask)
        {
            Faults = [FaultRule.Unavailable(FaultOperations.FlagSet, call => call.Number >= 2)],
        },
        ["approved-stage"] = new(ReleasePhase.Completed, Approved(), async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Approving);
            await world.AnswerToAsync(release, world.LinkOf(Requests.Ada));
        }),
        ["two-environments"] = new(ReleasePhase.Completed, EnvironmentStories.StagingThenProd(), (_, _) => Task.CompletedTask),
        ["blue-green"] = new(ReleasePhase.RolledBack, StrategyRequests.BlueGreen(), async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        }),
        ["failed-while-the-ledger-is-away"] = new(ReleasePhase.Failed, TwoStages, async (world, _) =>
        {
            await world.RunUntilAsync(TimeSpan.FromMinutes(9));
            world.Ledger.AppendsFail = at => at >= ReleaseWorld.Epoch.AddMinutes(9) && at < ReleaseWorld.Epoch.AddMinutes(30);
            Break(world);
        })
        {
            Faults =
            [
                FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= FlagsAway),
                FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= FlagsAway),
            ],
        },
        ["found-when-over"] = new(ReleasePhase.Completed, Triggered(TriggerAction.Pause), async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            var state = await world.StateAsync(release);
            var judged = state.NextAt!.Value;
            var over = judged + state.Plan.Watch.IngestionDelay;
            world.Ledger.ReadsFail = at => at >= over && at < over.AddMinutes(15);
            world.Service.Latency = (canary, at) => canary && at >= judged ? 900 : 40;
        }),
        ["flag-unseen-at-the-end"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
            await world.MeddleAsync(Requests.Flag, new Percentage(63));
        })
        {
            Faults = [FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= ReleaseWorld.Epoch.AddMinutes(18) && call.At < ReleaseWorld.Epoch.AddMinutes(23))],
        },
        ["flag-seen-late-at-the-end"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
            await world.MeddleAsync(Requests.Flag, new Percentage(63));
        })
        {
            Faults = [FaultRule.Late(FaultOperations.FlagRead, call => call.At >= ReleaseWorld.Epoch.AddMinutes(18) && call.At < ReleaseWorld.Epoch.AddMinutes(23))],
        },
        ["turned-on-while-it-is-bad"] = new(ReleasePhase.RolledBack, ThreeLevels, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            world.Service.ErrorRate = (canary, _) => canary ? 0.3 : 0.002;
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
            await world.MeddleAsync(Requests.Flag, new Percentage(80));
        }),
        ["stopped-while-it-proves"] = new(ReleasePhase.Failed, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Preflight);
            await world.CommandAsync(release, ReleaseCommandKind.Abort);
        })
        {
            Faults = [FaultRule.Slow(FaultOperations.FlagRestore, TimeSpan.FromSeconds(20))],
        },
        ["mail-given-up"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            world.Mailer.Later = (to, _) => new MailDelivery(to == "support@example.com" ? MailProgress.Failed : MailProgress.Delivered, "dropped");
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
            await world.RunUntilAsync(TimeSpan.FromHours(4));
        }),
        ["rescued"] = new(ReleasePhase.RolledBack, TwoStages, async (world, release) =>
        {
            world.Mailer.Later = (_, _) => new MailDelivery(MailProgress.Delivered, "");
            await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);
            world.Breaks.Fails = true;
            await world.RunUntilAsync(world.Time.GetUtcNow().AddMinutes(3) - ReleaseWorld.Epoch);
            world.Breaks.Fails = false;
            await world.Sweeper.SweepAsync(default);
        }),
        ["rescued-from-a-late-call"] = new(ReleasePhase.RolledBack, StrategyRequests.BlueGreen(), async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromSeconds(5));
            world.Breaks.Fails = true;
            await world.CommandBeginAsync(release, ReleaseCommandKind.Pause);
            await world.SettleAsync();
            world.Breaks.Fails = false;
            await world.Sweeper.SweepAsync(default);
        })
        {
            Faults = [FaultRule.Slow(FaultOperations.Hook, TimeSpan.FromSeconds(20), call => call.At >= ReleaseWorld.Epoch.AddMinutes(20) && call.Number < 5)],
        },
        ["rollback-while-the-pipeline-works"] = new(ReleasePhase.RolledBack, StrategyRequests.BlueGreen(), async (world, release) =>
        {
            world.Hook.WorksAlone = world.Hook.GivesStatus = true;
            world.Hook.Takes = step => step is { Action: DeployAction.Swap, Percentage.Value: 100 } ? TimeSpan.FromMinutes(8) : TimeSpan.Zero;
            await world.RunUntilAsync(release, ReleasePhase.Shifting, 2);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
            await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        }),
        ["notices-acknowledged"] = new(ReleasePhase.Completed, TwoStages, async (world, release) =>
        {
            await world.RunUntilAsync(release, ReleasePhase.Concluding);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(20));
            await world.CommandAsync(release, ReleaseCommandKind.AcknowledgeNotices);
        })
        {
            // Mail comes back after the acknowledgement: a day of further tries would add nothing but size.
            Faults = [FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, ReleaseWorld.Epoch.AddHours(2)))],
        },
    };

    private static void Break(ReleaseWorld world) => world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;

    private static ReleaseRequest Triggered(TriggerAction action) =>
        TwoStages with { Guardrails = TwoStages.Guardrails with { Triggers = [new TriggerSpec { Metric = "latency_p95", Above = 100, Action = action }] } };

    /// <summary>The second of two stages has to be approved.</summary>
    private static ReleaseRequest Approved()
    {
        var canary = Requests.ApprovedStage();
        return canary with { Stages = [canary.Stages[0], canary.Stages[^1] with { Approval = "release-managers" }] };
    }

    private static ReleaseRequest Shortened(ReleaseRequest request) => request with { Stages = [request.Stages[0], request.Stages[^1]] };
}
