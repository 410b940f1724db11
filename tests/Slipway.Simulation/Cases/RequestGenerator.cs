using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Simulation.Cases;

/// <summary>Draws requests that a server takes: every strategy, one environment or two, with one region or several, with and without approvals, windows, gates and further ways back.</summary>
internal static class RequestGenerator
{
    public static ReleaseRequest Draw(Dice dice, string name)
    {
        var request = Strategy(dice);
        var regions = request.Environments[^1].Regions;
        request = request with
        {
            Release = request.Release with { Id = ReleaseId.Parse($"release-{name}"), Version = "2.4.0", DeclaredRisk = dice.Chance(0.8) ? RiskLevel.Low : RiskLevel.Medium },
            Flags = [.. request.Flags.Select(flag => flag with { Name = $"flag-{name}", Lever = dice.Chance(0.8) ? FlagLever.Targeting : FlagLever.Percentage })],
            Telemetry = new TelemetrySpec
            {
                Service = $"service-{name}",
                Interval = TimeSpan.FromMinutes(dice.Pick(1, 2, 5)),
                IngestionDelay = TimeSpan.FromMinutes(dice.Pick(1, 3)),
                Propagation = TimeSpan.FromSeconds(dice.Pick(30, 60, 120)),
            },
            Operations = request.Operations with { TrafficRps = dice.Pick(5m, 50m, 100m, 500m), ActiveUsers = dice.Chance(0.5) ? 120_000 : null, BaseErrorRate = new Percentage(dice.Pick(0.05m, 0.3m)) },
            Guardrails = request.Guardrails with
            {
                BlindHold = TimeSpan.FromMinutes(dice.Pick(5, 10, 20)),
                BlindThen = dice.Chance(0.6) ? BlindAction.Rollback : BlindAction.Pause,
                WhenUndecided = dice.Pick<UndecidedAction?>(null, UndecidedAction.Ask, UndecidedAction.Promote),
            },
            Communications = request.Communications with
            {
                Webhooks = dice.Chance(0.3) ? [new WebhookSpec("chat", new Uri("http://127.0.0.1/chat"), WebhookShape.Plain)] : [],
            },
        };

        // Nothing of medium risk goes to everybody at once.
        if (request.Release.DeclaredRisk != RiskLevel.Low && request.Stages.Count == 1) request = request with { Stages = [new StageSpec { Percentage = new Percentage(10), Bake = TimeSpan.FromHours(1) }, .. request.Stages] };
        if (request.Release.DeclaredRisk != RiskLevel.Low) request = request with { Stages = [.. request.Stages.Select(stage => stage with { Bake = Max(stage.Bake, StageDefaults.Floor(stage.Percentage)) })] };
        if (regions.Count > 1 && request.Flags.Count > 0 && dice.Chance(0.5)) request = request with { Environments = [request.Environments[0] with { Flags = FlagScope.PerRegion }] };
        return Rules(dice, request);
    }

    /// <summary>The same, in staging first; a request that cannot have that stays as it is.</summary>
    public static ReleaseRequest InTwoEnvironments(ReleaseRequest request) =>
        request is not { Strategy: RolloutStrategy.Canary, Release.DeclaredRisk: RiskLevel.Low, Deploy: null, Flags.Count: > 0, Environments: [var prod] } ? request : request with
        {
            Environments =
            [
                new EnvironmentSpec
                {
                    Name = EnvironmentName.Staging, Order = 1, Service = $"{request.Telemetry!.Service}-staging",
                    Stages = [new StageSpec { Percentage = Percentage.Full, Bake = TimeSpan.FromMinutes(20) }],
                },
                prod with { Name = EnvironmentName.Prod, Order = 2, Service = request.Telemetry.Service },
            ],
        };

    private static ReleaseRequest Strategy(Dice dice)
    {
        var request = dice.Below(10) switch
        {
            0 => StrategyRequests.CanaryByHook(),
            1 => StrategyRequests.BlueGreen(),
            2 => StrategyRequests.BlueGreenByFlag(),
            3 => StrategyRequests.Rolling(),
            4 => StrategyRequests.Shadow(),
            5 => StrategyRequests.Dark(),
            _ => Requests.Canary() with { Stages = Stages(dice) },
        };
        if (request.Strategy == RolloutStrategy.Canary && dice.Chance(0.25))
            request = request with { Environments = [request.Environments[0] with { Regions = ["westeurope", "northeurope"] }] };
        return request with { Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromMinutes(dice.Pick(10, 15, 30, 60)) })] };
    }

    private static IReadOnlyList<StageSpec> Stages(Dice dice)
    {
        var percentages = new SortedSet<int> { 100 };
        for (var more = dice.Between(0, 3); more > 0; more--) percentages.Add(dice.Pick(1, 5, 10, 25, 50));
        return [.. percentages.Select(percentage => new StageSpec { Percentage = new Percentage(percentage), Bake = TimeSpan.FromMinutes(10) })];
    }

    private static ReleaseRequest Rules(Dice dice, ReleaseRequest request)
    {
        if (request.Release.DeclaredRisk != RiskLevel.Low || dice.Chance(0.35)) request = Approved(dice, request);
        if (dice.Chance(0.25)) request = request with { Operations = request.Operations with { Windows = [Window(dice)] } };
        if (dice.Chance(0.25)) request = request with { Gates = [Gate(dice)] };
        if (dice.Chance(0.4)) request = request with { Rollback = (request.Rollback ?? new RollbackSpec()) with { Configuration = ["search:index:mode"] } };
        if (dice.Chance(0.3) && request.Rollback?.Code is null)
            request = request with { Rollback = (request.Rollback ?? new RollbackSpec()) with { Code = new CodeRollbackSpec(new Uri("http://127.0.0.1/rollback"), "2.3.7") { Test = dice.Chance(0.5) } } };
        if (request.Rollback is { } rollback) request = request with { Rollback = rollback with { Restart = dice.Chance(0.5) } };
        return request;
    }

    private static ReleaseRequest Approved(Dice dice, ReleaseRequest request)
    {
        const string Group = "release-managers";
        var spec = new ApprovalSpec { Quorum = dice.Between(1, 2), Timeout = TimeSpan.FromMinutes(dice.Pick(30, 60, 240)), Remind = TimeSpan.FromMinutes(20) };
        var stage = dice.Below(request.Stages.Count);
        return request with
        {
            Approvals = new Dictionary<string, ApprovalSpec> { [Group] = spec },
            Stages = [.. request.Stages.Select((one, index) => index == stage ? one with { Approval = Group } : one)],
        };
    }

    /// <summary>Hours around the moment at which runs begin, a Tuesday at nine.</summary>
    private static ChangeWindow Window(Dice dice)
    {
        var from = dice.Between(6, 11);
        return new ChangeWindow(
            dice.Chance(0.5) ? [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday] : Enum.GetValues<DayOfWeek>(),
            TimeSpan.FromHours(from), TimeSpan.FromHours(from + dice.Between(1, 9)), dice.Pick("UTC", "Europe/Berlin"));
    }

    private static HttpGateSpec Gate(Dice dice) => new()
    {
        Name = "partner",
        Url = new Uri("http://127.0.0.1/partner"),
        When = dice.Pick(GateTiming.BeforeStage, GateTiming.DuringBake),
        Advisory = dice.Chance(0.2),
    };

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
