using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway validate FILE</c>: everything that can be said about a request without a server.</summary>
public sealed class ValidateCommand : ICliCommand
{
    private const int QuestionsShown = 10;

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var file = RequestInput.FileArgument();
        var profile = new Option<string>("--profile")
        {
            Description = "How much it must say: standard (what no release is safe without) or strict (everything)",
            HelpName = "PROFILE",
            DefaultValueFactory = _ => "standard",
        };
        profile.AcceptOnlyFromAmong("standard", "strict");
        var questions = new Option<bool>("--questions") { Description = "List every open question, and not only the first ones" };
        var command = new Command("validate", "Check a request offline: problems, open questions, and the plan in short") { file, profile, questions };
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = new CommandIo(host, parsed);
            var input = await RequestInput.ReadAsync(host, parsed.GetRequiredValue(file), cancellation);
            return await input.ThenAsync(io, document => Task.FromResult(Check(
                io, document, parsed.GetValue(profile) == "strict" ? IntakeProfile.Strict : IntakeProfile.Standard, parsed.GetValue(questions), host.Time.GetUtcNow())));
        });
        return command;
    }

    private static int Check(CommandIo io, RequestInput input, IntakeProfile profile, bool allQuestions, DateTimeOffset now)
    {
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(input.Bytes, input.MediaType));
        var gaps = reading.Request is null ? null : IntakeGaps.Analyse(reading.Request, profile, io.Host.Time.GetUtcNow());
        var planned = reading.Request is null ? null : Planner.Plan(reading.Request, source: reading.Request.Telemetry?.Source ?? TelemetrySource.Embedded);
        IReadOnlyList<RequestProblem> problems = [.. reading.Problems, .. planned?.Problems ?? []];
        var valid = problems.Count == 0 && gaps?.Insufficient is null;
        var plan = valid ? planned?.Plan : null;
        var schedule = plan is null ? null : WindowSchedule.Of(reading.Request!, plan);
        var notBefore = reading.Request?.Release.StartAt is { } start && start > now ? start : now;
        if (io.Json)
            io.Data(new Validation(input.Name, valid, problems, gaps?.Insufficient, gaps?.Gaps ?? [], plan, schedule is null ? null : WindowProposer.Propose(plan!, schedule, notBefore)));
        else
            Write(io, input, problems, gaps, plan, allQuestions, schedule is null ? [] : PlanText.Schedule(plan!, schedule, notBefore));
        return valid ? ExitCodes.Done : ExitCodes.Error;
    }

    private static void Write(
        CommandIo io, RequestInput input, IReadOnlyList<RequestProblem> problems, GapReport? gaps, ReleasePlan? plan, bool allQuestions, IEnumerable<string> schedule)
    {
        foreach (var problem in problems)
            io.Data(Line(input.Name, problem));
        if (gaps?.Insufficient is { } insufficient)
            WriteGaps(io, gaps, insufficient);
        if (problems.Count > 0)
            io.Say($"{input.Name} has {(problems.Count == 1 ? "1 problem" : $"{problems.Count} problems")}.");
        if (problems.Count > 0 || gaps?.Insufficient is not null || plan is null)
            return;
        foreach (var line in PlanText.Lines(plan).Concat(schedule))
            io.Data(line);
        var shown = allQuestions ? gaps!.Gaps.Count : Math.Min(QuestionsShown, gaps!.Gaps.Count);
        foreach (var gap in gaps.Gaps.Take(shown))
            io.Data($"Question  {gap.Path}: {gap.Question}");
        if (gaps.Gaps.Count > shown)
            io.Data($"Question  and {gaps.Gaps.Count - shown} more, none of which blocks: `slipway validate {input.Name} --questions`");
        io.Say($"{input.Name} is valid. Start it with `slipway start {input.Name}`.");
    }

    private static void WriteGaps(CommandIo io, GapReport gaps, InsufficientContext insufficient)
    {
        io.Data("insufficient_context: the request does not say enough to release safely");
        foreach (var gap in gaps.Gaps.Where(gap => gap.Blocking))
            io.Data($"  {gap.Path}: missing {gap.Missing}. {gap.Question}");
        foreach (var blocker in insufficient.DeploymentBlockers)
            io.Data($"  blocks the release: {Printable.Line(blocker)}");
        io.Data($"Next step: {insufficient.NextBestStep}");
        var open = gaps.Gaps.Count(gap => !gap.Blocking);
        if (open > 0)
            io.Say($"{(open == 1 ? "1 more question is" : $"{open} more questions are")} open; they do not block.");
    }

    /// <summary>In the form that editors and terminals make clickable.</summary>
    private static string Line(string file, RequestProblem problem)
    {
        var place = problem.Line == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $":{problem.Line}:{problem.Column}");
        var words = (problem with { Line = 0, Column = 0 }).ToString();
        return Printable.Line($"{file}{place}: {words}");
    }

    private sealed record Validation(
        string File, bool Valid, IReadOnlyList<RequestProblem> Problems, InsufficientContext? InsufficientContext, IReadOnlyList<Gap> Questions, ReleasePlan? Plan,
        WindowProposal? Proposal)
    {
        public string Schema => "slipway.validation.v1";
    }
}
