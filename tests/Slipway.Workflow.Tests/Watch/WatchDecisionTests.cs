using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Tests.Watch;

public sealed class WatchDecisionTests
{
    private static readonly DateTimeOffset Now = SampleRequests.Start.AddHours(1);
    private static readonly TimeSpan BlindHold = SampleRequests.Plan().Watch.BlindHold;

    [Theory]
    [InlineData(WatchMode.Bake)]
    [InlineData(WatchMode.Hold)]
    public void A_failed_verdict_is_a_breach_in_every_mode(WatchMode mode)
    {
        var input = Input(mode) with { BlindReported = true };
        var decided = WatchDecision.Decide(input, Assessed(Verdict.Fail, Finding(TriggerAction.AutoRollback)));
        Assert.Equal(new WatchDecided(WatchEnding.Breached, "what was judged", input), decided);
    }

    [Fact]
    public void Lost_sight_is_told_once()
    {
        var decided = WatchDecision.Decide(Input(), Blind(TimeSpan.FromMinutes(2)));
        Assert.Equal(WatchEnding.WentBlind, decided!.Ending);
        Assert.True(decided.Carry is { BlindReported: true, BlindGivenUp: false });
        Assert.Null(WatchDecision.Decide(decided.Carry, Blind(TimeSpan.FromMinutes(3))));
    }

    [Fact]
    public void Sight_lost_for_as_long_as_allowed_is_given_up_once()
    {
        var held = Input() with { BlindReported = true };
        Assert.Null(WatchDecision.Decide(held, Blind(BlindHold - TimeSpan.FromTicks(1))));

        var decided = WatchDecision.Decide(held, Blind(BlindHold));

        Assert.Equal(WatchEnding.BlindTooLong, decided!.Ending);
        Assert.True(decided.Carry is { BlindReported: true, BlindGivenUp: true });
        Assert.Null(WatchDecision.Decide(decided.Carry, Blind(BlindHold + TimeSpan.FromHours(1))));
    }

    [Fact]
    public void Sight_that_was_lost_for_too_long_when_first_judged_is_given_up_at_once()
    {
        var decided = WatchDecision.Decide(Input(), Blind(BlindHold));
        Assert.Equal(WatchEnding.BlindTooLong, decided!.Ending);
        Assert.True(decided.Carry is { BlindReported: true, BlindGivenUp: true });
    }

    [Fact]
    public void The_time_without_sight_counts_to_where_the_judge_stands()
    {
        // The intervals themselves could not be read, so the watch asks for them again; the judge has gone on.
        var input = Input() with { JudgedUntil = Now, Judge = new JudgeState { JudgedUntil = Now + BlindHold } };
        Assert.Equal(WatchEnding.BlindTooLong, WatchDecision.Decide(input, Blind(TimeSpan.Zero))!.Ending);
    }

    [Theory]
    [InlineData(Verdict.Undecided)]
    [InlineData(Verdict.Pass)]
    public void Regained_sight_is_told_and_can_be_lost_again(Verdict verdict)
    {
        var decided = WatchDecision.Decide(Input() with { BlindReported = true, BlindGivenUp = true }, Assessed(verdict));
        Assert.Equal(WatchEnding.SightRegained, decided!.Ending);
        Assert.True(decided.Carry is { BlindReported: false, BlindGivenUp: false });
        Assert.Equal(WatchEnding.WentBlind, WatchDecision.Decide(decided.Carry, Blind(TimeSpan.FromMinutes(1)))!.Ending);
    }

    [Theory]
    [InlineData(TriggerAction.Alert, WatchEnding.Alerted)]
    [InlineData(TriggerAction.Pause, WatchEnding.PauseTriggered)]
    public void A_rule_is_told_once_in_a_stage_and_again_in_the_next(TriggerAction action, WatchEnding ending)
    {
        var crossed = Assessed(Verdict.Undecided, Finding(action));
        var first = WatchDecision.Decide(Input(), crossed);
        Assert.Equal((ending, "slow"), (first!.Ending, first.Sentence));
        Assert.Null(WatchDecision.Decide(first.Carry, crossed));

        var next = WatchDecision.Decide(first.Carry with { Directive = Directive(WatchMode.Hold, stage: 2) }, crossed);

        Assert.Equal(ending, next!.Ending);
        Assert.Equal(2, next.Carry.Alerted.Count);
    }

    [Theory]
    [InlineData(TriggerAction.Alert, WatchEnding.Alerted)]
    [InlineData(TriggerAction.Evaluate, WatchEnding.EvaluationDue)]
    public void A_new_crossing_is_told_anew_except_to_a_person_who_went_on_from_a_hold(TriggerAction action, WatchEnding ending)
    {
        var first = WatchDecision.Decide(Input(), Assessed(Verdict.Undecided, Finding(action)))!;
        var again = Finding(action) with { CrossedAt = Now.AddMinutes(20) };
        Assert.Equal(ending, first.Ending);
        Assert.Equal(ending, WatchDecision.Decide(first.Carry, Assessed(Verdict.Undecided, again))!.Ending);

        var held = WatchDecision.Decide(Input(), Assessed(Verdict.Undecided, Finding(TriggerAction.Pause)))!;
        Assert.Null(WatchDecision.Decide(held.Carry, Assessed(Verdict.Undecided, again with { Action = TriggerAction.Pause })));
    }

    [Fact]
    public void Rules_and_regions_are_told_apart()
    {
        var first = WatchDecision.Decide(Input(), Assessed(Verdict.Undecided, Finding(TriggerAction.Alert)))!;
        var second = WatchDecision.Decide(
            first.Carry,
            Assessed(Verdict.Undecided, Finding(TriggerAction.Alert), Finding(TriggerAction.Alert) with { Region = "westeurope", Sentence = "slow in the west" }))!;
        var third = WatchDecision.Decide(
            second.Carry,
            Assessed(Verdict.Undecided, Finding(TriggerAction.Alert), Finding(TriggerAction.Pause) with { Rule = "availability limit", Sentence = "away" }))!;

        Assert.Equal(("slow", "slow in the west", "away"), (first.Sentence, second.Sentence, third.Sentence));
        Assert.Equal((WatchEnding.Alerted, WatchEnding.PauseTriggered), (second.Ending, third.Ending));
        Assert.Equal(3, third.Carry.Alerted.Distinct().Count());
    }

    [Fact]
    public void A_finding_before_the_first_stage_is_told_once()
    {
        var crossed = Assessed(Verdict.Undecided, Finding(TriggerAction.Alert));
        var input = Input() with { Directive = Directive(WatchMode.Hold, stage: null) };
        var decided = WatchDecision.Decide(input, crossed)!;
        Assert.Equal(WatchEnding.Alerted, decided.Ending);
        Assert.Null(WatchDecision.Decide(decided.Carry, crossed));
    }

    [Fact]
    public void A_bake_passes_when_its_time_is_over_and_not_before()
    {
        var input = Input();
        var ends = input.Directive.BakeEndsAt!.Value;
        Assert.Null(WatchDecision.Decide(input with { JudgedUntil = ends.AddTicks(-1) }, Assessed(Verdict.Pass)));

        var over = input with { JudgedUntil = ends };
        Assert.Equal(new WatchDecided(WatchEnding.BakePassed, "what was judged", over), WatchDecision.Decide(over, Assessed(Verdict.Pass)));
    }

    [Fact]
    public void An_undecided_bake_is_extended_once_and_ends_at_its_longest()
    {
        var input = Input() with { JudgedUntil = Directive(WatchMode.Bake).BakeEndsAt!.Value };
        var extended = WatchDecision.Decide(input, Assessed(Verdict.Undecided))!;
        Assert.Equal((WatchEnding.BakeExtended, "the bake is extended: what was judged"), (extended.Ending, extended.Sentence));
        Assert.True(extended.Carry.ExtensionReported);

        var longest = input.Directive.BakeMaxAt!.Value;
        Assert.Null(WatchDecision.Decide(extended.Carry with { JudgedUntil = longest.AddTicks(-1) }, Assessed(Verdict.Undecided)));
        Assert.Equal(WatchEnding.BakeUndecided, WatchDecision.Decide(extended.Carry with { JudgedUntil = longest }, Assessed(Verdict.Undecided))!.Ending);
        Assert.Equal(WatchEnding.BakePassed, WatchDecision.Decide(extended.Carry with { JudgedUntil = longest }, Assessed(Verdict.Pass))!.Ending);
    }

    [Fact]
    public void A_bake_without_a_longest_time_is_not_extended()
    {
        var directive = Directive(WatchMode.Bake) with { BakeMaxAt = null };
        var input = Input() with { Directive = directive, JudgedUntil = directive.BakeEndsAt!.Value };
        Assert.Equal(WatchEnding.BakeUndecided, WatchDecision.Decide(input, Assessed(Verdict.Undecided))!.Ending);
    }

    [Fact]
    public void A_crossed_rule_comes_before_the_end_of_the_bake()
    {
        var input = Input() with { JudgedUntil = Directive(WatchMode.Bake).BakeEndsAt!.Value };
        var assessment = Assessed(Verdict.Pass, Finding(TriggerAction.Alert));
        var first = WatchDecision.Decide(input, assessment)!;
        Assert.Equal(WatchEnding.Alerted, first.Ending);
        Assert.Equal(WatchEnding.BakePassed, WatchDecision.Decide(first.Carry, assessment)!.Ending);
    }

    [Theory]
    [InlineData(Verdict.Pass)]
    [InlineData(Verdict.Undecided)]
    public void A_held_release_never_ends_its_bake(Verdict verdict)
    {
        var held = Input(WatchMode.Hold);
        Assert.Null(WatchDecision.Decide(held with { JudgedUntil = held.Directive.BakeMaxAt!.Value.AddDays(1) }, Assessed(verdict)));
    }

    [Fact]
    public void A_bake_without_an_end_or_a_stage_does_not_end()
    {
        var late = Now.AddDays(1);
        Assert.Null(WatchDecision.Decide(Input() with { Directive = Directive(WatchMode.Bake) with { BakeEndsAt = null }, JudgedUntil = late }, Assessed(Verdict.Pass)));
        Assert.Null(WatchDecision.Decide(Input() with { Directive = Directive(WatchMode.Bake, stage: null), JudgedUntil = late }, Assessed(Verdict.Pass)));
    }

    private static WatchInput Input(WatchMode mode = WatchMode.Bake) => new()
    {
        Release = ReleaseId.Parse("search-index-v2"),
        Number = 1,
        Plan = SampleRequests.Plan(),
        Directive = Directive(mode),
        Cursor = 7,
        JudgedUntil = Now,
    };

    private static WatchDirected Directive(WatchMode mode, int? stage = 1) => new(
        1, mode, stage is { } index ? new StageUnderJudgement(index, new Percentage(25), Now.AddMinutes(-10)) : null, Now.AddMinutes(30), Now.AddMinutes(60), []);

    private static Assessment Assessed(Verdict verdict, params Finding[] findings) =>
        new() { Verdict = verdict, Sentence = "what was judged", Findings = findings };

    private static Assessment Blind(TimeSpan since) => Assessed(Verdict.Blind) with { Blind = BlindCause.Dead, BlindSince = Now - since };

    private static Finding Finding(TriggerAction action) => new()
    {
        Rule = "latency_p95 limit",
        Metric = "latency_p95",
        Value = 300,
        Bound = 280,
        Limit = 250,
        Sample = 4000,
        CrossedAt = Now,
        Action = action,
        Sentence = "slow",
    };
}
