using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Commands;

public sealed class ReportTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("complaints --count 12", ReleaseSignalKind.Complaints, 12, null)]
    [InlineData("incident --severity moderate", ReleaseSignalKind.Incident, 0, IncidentSeverity.Moderate)]
    [InlineData("data-loss", ReleaseSignalKind.DataLoss, 0, null)]
    [InlineData("outage", ReleaseSignalKind.Outage, 0, null)]
    [InlineData("lesson", ReleaseSignalKind.Lesson, 0, null)]
    [InlineData("done --task verify", ReleaseSignalKind.Done, 0, null)]
    public async Task Report_waits_for_what_it_causes_and_says_it(string what, ReleaseSignalKind kind, int count, IncidentSeverity? severity)
    {
        var release = await _world.Api.StartSampleAsync();
        ReleaseSignal? told = null;
        OnTold(release, body => new CommandApplied((told = ((SignalReceived)body).Signal).Id, "held; evaluation e1 is open"));

        var run = await _world.RunAsync($"report {release} {what} --text slow");

        Assert.Equal((0, $"{release}: held; evaluation e1 is open\n"), (run.Code, run.Output));
        Assert.Equal((kind, count, severity, "slow", "otto"), (told!.Kind, told.Count, told.Severity, told.Text, told.Actor));
    }

    [Fact]
    public async Task Answer_that_does_not_count_exits_5_with_the_reason()
    {
        var release = await _world.Api.StartSampleAsync();
        EvaluationAnswer? told = null;
        OnTold(release, body => new CommandRefused((told = ((EvaluationAnswered)body).Answer).Id, "evaluation e1 is over: dismissed by lee"));

        var run = await _world.RunAsync($"answer {release} e1 confirm --comment seen");

        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("answer e1 was refused: evaluation e1 is over: dismissed by lee", run.Error, StringComparison.Ordinal);
        Assert.Equal(("e1", EvaluationVerdict.Confirm, "seen"), (told!.Evaluation, told.Verdict, told.Comment));
    }

    [Theory]
    [InlineData("report x complaints", "--count")]
    [InlineData("report x complaints --count 0", "--count is 0: expected 1 to 1000000")]
    [InlineData("report x incident --severity bad", "bad")]
    [InlineData("report x", "complaints, incident, data-loss, outage")]
    [InlineData("answer x e1", "VERDICT")]
    [InlineData("answer x e1 maybe", "maybe")]
    public async Task Report_or_answer_that_is_not_complete_is_a_usage_error_that_says_what_is_missing(string line, string expected)
    {
        var run = await _world.RunAsync(line);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_and_watch_name_an_open_evaluation_with_its_deadline_and_the_command_that_answers()
    {
        var release = await _world.Api.StartSampleAsync();
        var deadline = new DateTimeOffset(2026, 11, 3, 12, 15, 0, TimeSpan.Zero);
        await _world.Api.AppendAsync(release, new EvaluationOpened("e1", MatrixRow.Complaints, "complaints", "12 complaints of users in stage 2, limit 10", deadline, EvaluationSilence.StayHeld));

        var show = await _world.RunAsync($"show {release}");
        Assert.Contains($"Evaluate  e1 until {Printable.Moment(deadline)}, without an answer it stays held and is escalated: 12 complaints of users in stage 2, limit 10\n          slipway answer {release} e1 confirm|dismiss\n", show.Output, StringComparison.Ordinal);
        Assert.Contains($"`slipway answer {release} e1 confirm|dismiss`", show.Error, StringComparison.Ordinal);

        await _world.Api.EndAsync(release, ReleasePhase.Completed);
        Assert.Contains($"EVALUATION e1 until {Printable.Moment(deadline)}", (await _world.RunAsync($"watch {release}")).Output, StringComparison.Ordinal);
    }

    private void OnTold(ReleaseId release, Func<LedgerBody, LedgerBody> answer) => _world.Api.Engine.OnWake = async _ =>
        await _world.Api.AppendAsync(release, answer((await _world.Api.Ledger.ReadAsync(release, 0, CancellationToken.None)).Select(entry => entry.Read()).Last(body => body is SignalReceived or EvaluationAnswered)));
}
