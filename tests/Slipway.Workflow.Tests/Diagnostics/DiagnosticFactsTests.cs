using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Rescue;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Diagnostics;

namespace Slipway.Workflow.Tests.Diagnostics;

public sealed class DiagnosticFactsTests
{
    private static readonly ReleaseId Release = ReleaseId.Parse("search-index-v2");

    private static IReadOnlyList<DiagnosticFact> FactsOf(IReadOnlyList<LedgerEntry> entries) => DiagnosticFacts.Of(Release, ReleaseState.Empty, entries);

    private static IReadOnlyList<DiagnosticFact> FactsOf(string sample) => FactsOf(SampleLedgers.All[sample]);

    private static List<DiagnosticFact.Span> Spans(IReadOnlyList<DiagnosticFact> facts) => [.. facts.OfType<DiagnosticFact.Span>()];

    private static List<ReleaseEvent> Events(IReadOnlyList<DiagnosticFact> facts) => [.. facts.OfType<DiagnosticFact.Event>().Select(fact => fact.Told)];

    private static int Counted(IReadOnlyList<DiagnosticFact> facts, string instrument, string value = "") =>
        facts.OfType<DiagnosticFact.Count>().Count(fact => fact.Instrument == instrument && fact.Value == value);

    private static object? Attribute(DiagnosticFact.Span span, string name) => span.Attributes.FirstOrDefault(attribute => attribute.Name == name).Value;

    [Fact]
    public void A_completed_release_is_one_trace_of_itself_and_its_stages()
    {
        var entries = SampleLedgers.All["completed"];
        var facts = FactsOf(entries);
        var spans = Spans(facts);

        Assert.Equal(["slipway.stage", "slipway.stage", "slipway.stage", "slipway.stage", "slipway.release"], spans.Select(span => span.Name));
        var root = spans[^1];
        Assert.Equal((entries[0].At, entries[^1].At), (root.From, root.To));
        Assert.Equal(default, root.Parent);
        Assert.All(spans.SkipLast(1), stage =>
        {
            Assert.Equal((root.Id, root.Trace.TraceId), (stage.Parent, stage.Trace.TraceId));
            Assert.Equal("promoted", Attribute(stage, "slipway.outcome"));
            Assert.InRange(stage.To - stage.From, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15));
        });
        Assert.Equal(spans.Count, spans.Select(span => span.Id).Distinct().Count());
        Assert.Equal(("completed", ""), (Attribute(root, "slipway.outcome"), root.Problem));

        Assert.Equal(1, Counted(facts, "slipway.releases.started"));
        Assert.Equal(1, Counted(facts, "slipway.releases.ended", "completed"));
        Assert.Equal(16, Counted(facts, "slipway.polls", "undecided"));
        Assert.Equal(4, Counted(facts, "slipway.flags.writes", "done"));
        Assert.Equal(6, Counted(facts, "slipway.mails", "accepted"));
        Assert.Equal(4, facts.OfType<DiagnosticFact.Measure>().Count(fact => fact is { Instrument: "slipway.stages.duration", Value: "promoted" }));
        Assert.Equal([new ReleaseEvent.Started(Release), new ReleaseEvent.Ended(Release, "completed", (root.To - root.From).TotalSeconds)], Events(facts));
    }

    [Fact]
    public void A_breach_tells_how_long_users_were_exposed_after_it_was_seen()
    {
        var facts = FactsOf("rolled_back");
        var spans = Spans(facts);

        Assert.Equal(["slipway.stage", "slipway.stage", "slipway.level", "slipway.rollback", "slipway.release"], spans.Select(span => span.Name));
        Assert.Equal(["promoted", "rolled_back"], spans.Take(2).Select(stage => Attribute(stage, "slipway.outcome")));
        var (stage, level, rollback, root) = (spans[1], spans[2], spans[3], spans[4]);
        Assert.Equal(rollback.From, stage.To);
        Assert.Equal((rollback.Id, root.Id), (level.Parent, rollback.Parent));
        Assert.Equal(("automatic", "rolled_back", "error_rate limit", ""), (Attribute(rollback, "slipway.cause"), Attribute(rollback, "slipway.outcome"), Attribute(rollback, "slipway.rule"), rollback.Problem));

        var off = Assert.Single(facts.OfType<DiagnosticFact.Measure>(), fact => fact.Instrument == "slipway.rollbacks.flags_off");
        Assert.Equal((TimeSpan.FromSeconds(12), "automatic"), (off.Time, off.Value));
        var done = Assert.Single(Events(facts).OfType<ReleaseEvent.RollbackDone>());
        Assert.Equal((2, 12d), (done.Stage, done.Seconds));
        Assert.Contains("8.1 %", done.Why, StringComparison.Ordinal);
        Assert.Empty(Events(facts).OfType<ReleaseEvent.RollbackFailed>());
    }

    [Fact]
    public void A_person_s_rollback_is_told_as_one_and_without_the_person()
    {
        var facts = FactsOf("rolled_back_by_a_person");
        var rollback = Assert.Single(Spans(facts), span => span.Name == "slipway.rollback");
        Assert.Equal("person", Attribute(rollback, "slipway.cause"));
        Assert.All(facts, fact => Assert.DoesNotContain("example.com", $"{fact} {string.Join(' ', (fact as DiagnosticFact.Span)?.Attributes ?? [])}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rollback_that_no_level_completes_is_a_failure_and_never_done()
    {
        var facts = FactsOf("failed_rollback");
        Assert.Equal(3, Spans(facts).Count(span => span is { Name: "slipway.level", Problem.Length: > 0 }));
        Assert.Equal(5, Spans(facts).Count(span => span.Problem.Length > 0));
        Assert.Equal(new ReleaseEvent.RollbackFailed(Release, 2, "no level is left"), Assert.Single(Events(facts), told => told is ReleaseEvent.RollbackFailed));
        Assert.DoesNotContain(Events(facts), told => told is ReleaseEvent.RollbackDone);
        Assert.DoesNotContain(facts, fact => fact is DiagnosticFact.Measure { Instrument: "slipway.rollbacks.flags_off" });
        Assert.Equal(3, Counted(facts, "slipway.flags.writes", "failed"));
    }

    [Theory]
    [InlineData("failed_preflight")]
    [InlineData("aborted_before_exposure")]
    public void A_release_that_exposed_nobody_has_no_rollback(string sample)
    {
        var facts = FactsOf(sample);
        Assert.Equal("slipway.release", Assert.Single(Spans(facts)).Name);
        Assert.Equal([typeof(ReleaseEvent.Started), typeof(ReleaseEvent.Ended)], Events(facts).Select(told => told.GetType()));
    }

    [Fact]
    public void Each_blind_poll_of_an_exposed_release_is_told()
    {
        var facts = FactsOf("blind");
        Assert.Equal(1, Counted(facts, "slipway.polls.blind", "dead"));
        Assert.Equal(new ReleaseEvent.TelemetryDead(Release, 1, "no telemetry for 5 minutes"), Assert.Single(Events(facts), told => told is ReleaseEvent.TelemetryDead));
    }

    [Fact]
    public void A_takeover_counts_once_and_says_who_brings_the_release_back()
    {
        var taken = new ReleaseTakenOver(RescueEntries.Rescuer, "the orchestration failed");
        var facts = FactsOf(SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1).Add(taken).Add(taken).Entries);
        Assert.Equal(1, Counted(facts, "slipway.rescues", "rescue"));
    }

    [Theory]
    [InlineData(14, 0)]
    [InlineData(15, 1)]
    public void A_mail_that_is_accepted_late_was_delayed(int minutes, int delayed)
    {
        static MessageSent Mail(bool accepted) => new("m-1", Checkpoint.Stage, "support@example.com", EffectKind.Mail, accepted, "no route to support@example.com", !accepted);
        var facts = FactsOf(SampleLedgers.Begun(new LedgerScript(SampleRequests.Start)).Add(Mail(false)).Wait(minutes).Add(Mail(true)).Wait(60).Add(Mail(true)).Entries);

        Assert.Equal((2, 1), (Counted(facts, "slipway.mails", "accepted"), Counted(facts, "slipway.mails", "failed")));
        Assert.Equal(delayed, facts.OfType<DiagnosticFact.Delayed>().Count());
        Assert.All(facts.OfType<DiagnosticFact.Delayed>(), fact => Assert.Equal($"a mail (stage) was not accepted for {minutes} min: no route to (address)", fact.Told.Why));
    }

    [Fact]
    public void A_terminal_phase_that_is_recorded_again_tells_nothing()
    {
        var script = SampleLedgers.Completed();
        var once = FactsOf(script.Entries).Count;
        script.Wait(1).Add(new ReleaseEnded(ReleasePhase.Completed, "again", [])).Add(new ReleaseEnded(ReleasePhase.Failed, "no", []));
        Assert.Equal(once, FactsOf(script.Entries).Count);
    }

    [Fact]
    public void Ids_follow_from_the_release_alone()
    {
        var trace = new ReleaseTrace(Release);
        // printf 'slipway\nsearch-index-v2\ntrace' | sha256sum, and so on.
        Assert.Equal(("0d930287ae39f9c64b88abe96154c68e", "ff044df03682fd8b", "67d35bba847930cc"), (trace.TraceId.ToHexString(), trace.Root.ToHexString(), trace.Stage(1).ToHexString()));
        Assert.Equal(trace.TraceId, new ReleaseTrace(ReleaseId.Parse("search-index-v2")).TraceId);
        Assert.NotEqual(trace.TraceId, new ReleaseTrace(ReleaseId.Parse("search-index-v3")).TraceId);
        Assert.Equal(Spans(FactsOf("rolled_back")).Select(span => span.Id), Spans(FactsOf("rolled_back")).Select(span => span.Id));
    }

    [Fact]
    public void What_is_under_way_is_where_activities_belong()
    {
        var trace = new ReleaseTrace(Release);
        Assert.Equal(trace.Root, trace.Under(ReleaseState.Fold(SampleLedgers.Preflighted(new LedgerScript(SampleRequests.Start)).Entries)));
        Assert.Equal(trace.Stage(1), trace.Under(ReleaseState.Fold(SampleLedgers.All["running"])));
        Assert.Equal(trace.Rollback, trace.Under(ReleaseState.Fold(SampleLedgers.All["rolled_back"].TakeWhile(entry => entry.Type != "level.ended.v1"))));
        Assert.Equal(trace.Root, trace.Under(ReleaseState.Fold(SampleLedgers.All["rolled_back"])));
    }
}
