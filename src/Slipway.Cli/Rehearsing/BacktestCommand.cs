using System.CommandLine;
using System.Text.Json;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Rehearsal.Backtesting.Recordings;
using Slipway.Rehearsal.Backtesting.Running;
using Slipway.Rehearsal.Backtesting.Splitting;
using Slipway.Web.Requests;

namespace Slipway.Cli.Rehearsing;

/// <summary><c>slipway backtest FILE --telemetry RECORDING</c>: what the plan would have decided on recorded telemetry; without a server.</summary>
public sealed class BacktestCommand : ICliCommand
{
    private const int UsualSeeds = 3, MostSeeds = 1000;

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var file = RequestInput.FileArgument();
        var telemetry = new Option<string>("--telemetry") { Description = "The recording: an export as CSV or JSON lines, or the ledger of a release", HelpName = "RECORDING", Required = true };
        var incidents = new Option<Incident[]>("--incident")
        {
            Description = "A time in which something was wrong, as FROM..TO with time zones; may be given several times, and all other time counts as healthy",
            HelpName = "FROM..TO",
            CustomParser = result =>
            {
                var parsed = new List<Incident>();
                foreach (var token in result.Tokens)
                {
                    if (Incident.Parse(token.Value) is { } incident) parsed.Add(incident);
                    else result.AddError($"'{Printable.Line(token.Value)}' is not a value for --incident: expected a time with its zone, two dots and a later one, for example 2026-11-03T14:05Z..2026-11-03T14:40Z.");
                }

                return [.. parsed];
            },
        };
        var split = new Option<bool>("--split") { Description = "Split the recorded control arm, although the recording has a canary too" };
        var seed = WholeOption.Of("--seed", "The first seed of the splits; the same seed gives the same result on every machine (default: 1)", int.MaxValue - MostSeeds);
        var seeds = WholeOption.Of("--seeds", $"How often the recording is split (default: {UsualSeeds})", MostSeeds);
        var to = new Option<string?>("--out") { Description = "A file for the result as JSON", HelpName = "FILE" };
        var command = new Command("backtest", "Say what a plan would have decided on recorded telemetry, before anything starts") { file, telemetry, incidents, split, seed, seeds, to };
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = new CommandIo(host, parsed);
            var input = await RequestInput.ReadAsync(host, parsed.GetRequiredValue(file), cancellation);
            return await input.ThenAsync(io, document => Task.Run(() => Run(io, document, new Choice(
                parsed.GetRequiredValue(telemetry), parsed.GetValue(incidents) ?? [], parsed.GetValue(split), parsed.GetValue(seed) ?? 1, parsed.GetValue(seeds) ?? UsualSeeds, parsed.GetValue(to)), cancellation), cancellation));
        });
        return command;
    }

    private static int Run(CommandIo io, RequestInput input, Choice choice, CancellationToken cancellation)
    {
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(input.Bytes, input.MediaType));
        if (reading.Request is not { } request || reading.Problems.Count > 0) return io.Fail(Invalid(input, "is not a valid request", reading.Problems, ""));
        var (subject, problems, unfit) = BacktestSubject.Of(request);
        if (subject is null) return io.Fail(Invalid(input, "cannot be tested on a recording", problems, unfit ?? ""));

        BacktestReport report;
        try
        {
            var recording = Recording.Open(Path.GetFullPath(choice.Telemetry, io.Host.CurrentDirectory), choice.Telemetry, subject.Plan.Watch.Interval);
            report = Backtests.Run(subject, recording, choice.Split, choice.Seed, choice.Seeds, choice.Incidents, cancellation);
        }
        catch (RecordingException exception)
        {
            return io.Fail(Error("invalid_recording", "The recording cannot be used", exception.Message, "samples/telemetry/README.md says what its rows look like."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return io.Fail(Error("unreadable_file", $"Cannot read '{choice.Telemetry}'", exception.Message, "Name an export that ends in .csv or .jsonl."));
        }

        if (choice.To is { } to)
        {
            if (Write(Path.GetFullPath(to, io.Host.CurrentDirectory), report) is { } why) return io.Fail(Error("unwritable_file", $"Cannot write '{to}'", why, "Name another file with --out."));
            io.Say($"Wrote {to}.");
        }

        if (io.Json) io.Data(report);
        else BacktestText.Write(io, report);
        return report.Passed ? ExitCodes.Done : ExitCodes.RolledBack;
    }

    private static string? Write(string path, BacktestReport report)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, JsonSerializer.Serialize(report, SlipwayJson.Options) + "\n");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return exception.Message;
        }
    }

    private static CliError Invalid(RequestInput input, string what, IReadOnlyList<RequestProblem> problems, string why) => new()
    {
        ExitCode = ExitCodes.Error,
        Kind = "invalid_request",
        What = $"{input.Name} {what}",
        Why = why,
        Problems = problems,
        Fix = $"Mend it; `slipway validate {input.Name}` says everything that is wrong with it.",
    };

    private static CliError Error(string kind, string what, string why, string fix) => new() { ExitCode = ExitCodes.Error, Kind = kind, What = what, Why = why, Fix = fix };

    private sealed record Choice(string Telemetry, IReadOnlyList<Incident> Incidents, bool Split, int Seed, int Seeds, string? To);
}
