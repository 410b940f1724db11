namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// The names of what Slipway tells about itself; once released, a name never changes its meaning. All of it comes from one
/// <see cref="System.Diagnostics.ActivitySource"/> and one <see cref="System.Diagnostics.Metrics.Meter"/> with the name <see cref="Source"/>.
/// <para>
/// Every release is one trace, whose id follows from the release's id. Only spans and log events name a release; metrics never do.
/// </para>
/// <list type="table">
/// <listheader><term>Span</term><description>From, to; parent; attributes</description></listheader>
/// <item><term><c>slipway.release</c></term><description>recorded to its terminal phase; none; <c>slipway.release</c>, <c>.outcome</c>, <c>.stages</c>, <c>.risk</c>, <c>.workflow</c>, <c>.attempt</c></description></item>
/// <item><term><c>slipway.stage</c></term><description>exposure read back to promotion or to the decision to go back; the release; <c>slipway.release</c>, <c>.stage</c> (1 first), <c>.percentage</c>, <c>.environment</c> (1 first), <c>.outcome</c>, <c>.verdict</c></description></item>
/// <item><term><c>slipway.rollback</c></term><description>decision to terminal phase; the release; <c>slipway.release</c>, <c>.stage</c>, <c>.cause</c>, <c>.outcome</c>, <c>.rule</c></description></item>
/// <item><term><c>slipway.level</c></term><description>one compensation level; the rollback; <c>slipway.release</c>, <c>.level</c>, <c>.recovered</c>, <c>.undone_seconds</c></description></item>
/// <item><term>an activity's name, for example <c>flag.expose.v1</c></term><description>one execution; the rollback, stage or release under way; <c>slipway.release</c>, <c>.activity</c>, <c>.instance</c>, <c>error.type</c></description></item>
/// </list>
/// <list type="table">
/// <listheader><term>Instrument</term><description>Kind, unit; dimensions</description></listheader>
/// <item><term><c>slipway.releases.started</c></term><description>counter, {release}</description></item>
/// <item><term><c>slipway.releases.ended</c></term><description>counter, {release}; <c>slipway.outcome</c></description></item>
/// <item><term><c>slipway.releases.active</c></term><description>up-down counter as of the last sweep of this process, {release}; <c>slipway.phase</c></description></item>
/// <item><term><c>slipway.stages.duration</c></term><description>histogram, s; <c>slipway.outcome</c></description></item>
/// <item><term><c>slipway.rollbacks.flags_off</c></term><description>histogram, s, from the breach seen (else the decision) to all flags read back off; <c>slipway.cause</c></description></item>
/// <item><term><c>slipway.polls</c></term><description>counter of judged polls, {poll}; <c>slipway.verdict</c></description></item>
/// <item><term><c>slipway.polls.blind</c></term><description>counter, {poll}; <c>slipway.blind</c> (why)</description></item>
/// <item><term><c>slipway.verdicts.latency</c></term><description>histogram, s, from the end of the newest interval with telemetry to its verdict</description></item>
/// <item><term><c>slipway.activities.duration</c></term><description>histogram, s; <c>slipway.activity</c></description></item>
/// <item><term><c>slipway.activities.failures</c></term><description>counter of executions that threw, {execution}; <c>slipway.activity</c>, <c>error.type</c></description></item>
/// <item><term><c>slipway.mails</c></term><description>counter, {mail}; <c>slipway.result</c>: accepted, failed (first and last attempt), given_up (accepted and not delivered), delayed</description></item>
/// <item><term><c>slipway.flags.writes</c></term><description>counter, {write}; <c>slipway.result</c>: done, already_done, conflict, failed, timed_out</description></item>
/// <item><term><c>slipway.sweeps.repairs</c></term><description>counter, {release}</description></item>
/// <item><term><c>slipway.rescues</c></term><description>counter, {release}; <c>slipway.cause</c>: rescue, direct</description></item>
/// </list>
/// The log events are the kinds of <see cref="ReleaseEvent"/>.
/// </summary>
public static class DiagnosticNames
{
    /// <summary>Of the source of spans and of the meter.</summary>
    public const string Source = "Slipway";

    internal const string ReleaseSpan = "slipway.release";
    internal const string StageSpan = "slipway.stage";
    internal const string RollbackSpan = "slipway.rollback";
    internal const string LevelSpan = "slipway.level";

    internal const string Started = "slipway.releases.started";
    internal const string Ended = "slipway.releases.ended";
    internal const string Active = "slipway.releases.active";
    internal const string StageDuration = "slipway.stages.duration";
    internal const string FlagsOff = "slipway.rollbacks.flags_off";
    internal const string Polls = "slipway.polls";
    internal const string BlindPolls = "slipway.polls.blind";
    internal const string VerdictLatency = "slipway.verdicts.latency";
    internal const string ActivityDuration = "slipway.activities.duration";
    internal const string ActivityFailures = "slipway.activities.failures";
    internal const string Mails = "slipway.mails";
    internal const string FlagWrites = "slipway.flags.writes";
    internal const string Repairs = "slipway.sweeps.repairs";
    internal const string Rescues = "slipway.rescues";

    internal const string Release = "slipway.release";
    internal const string Stage = "slipway.stage";
    internal const string Outcome = "slipway.outcome";
    internal const string Phase = "slipway.phase";
    internal const string Cause = "slipway.cause";
    internal const string Verdict = "slipway.verdict";
    internal const string Blind = "slipway.blind";
    internal const string Activity = "slipway.activity";
    internal const string Instance = "slipway.instance";
    internal const string Result = "slipway.result";
    internal const string Level = "slipway.level";
    internal const string Recovered = "slipway.recovered";
    internal const string UndoneSeconds = "slipway.undone_seconds";
    internal const string Percentage = "slipway.percentage";
    internal const string Environment = "slipway.environment";
    internal const string Stages = "slipway.stages";
    internal const string Risk = "slipway.risk";
    internal const string Workflow = "slipway.workflow";
    internal const string Attempt = "slipway.attempt";
    internal const string Rule = "slipway.rule";
    internal const string ErrorType = "error.type";
}
