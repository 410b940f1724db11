using System.CommandLine;
using System.Text.Json;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Rehearsal.Running;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.World;
using Slipway.Web.Requests;

namespace Slipway.Cli.Rehearsing;

/// <summary><c>slipway rehearse FILE</c>: runs the very same workflow on the very same plan in virtual time, in scenarios; without a server.</summary>
public sealed class RehearseCommand : ICliCommand
{
    /// <summary>The file that a whole rehearsal leaves.</summary>
    public const string FileName = "rehearsal.json";

    private const int SeedsOfAll = 3, MostSeeds = 1000;

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var file = RequestInput.FileArgument();
        var names = new Option<string[]>("--scenario") { Description = "A scenario, with @STAGE behind it where another stage is meant; may be given several times", HelpName = "NAME" };
        var all = new Option<bool>("--all") { Description = "Every scenario that fits the plan, and keep the result as evidence (the default)" };
        var seed = WholeOption.Of("--seed", "The first seed; the same seed gives the same run on every machine (default: 1)", int.MaxValue - MostSeeds);
        var seeds = WholeOption.Of("--seeds", $"How many seeds each scenario is run with (default: {SeedsOfAll}, or 1 with --scenario)", MostSeeds);
        var to = new Option<string?>("--out") { Description = $"The directory for {FileName} (default: where the request is)", HelpName = "DIR" };
        var command = new Command("rehearse", "Rehearse a release in virtual time, before anything starts") { file, names, all, seed, seeds, to };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && result.GetResult(names) is not null) result.AddError("--all and --scenario are two ways to choose: choose one.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = new CommandIo(host, parsed);
            if (Choose(parsed.GetValue(names)) is var (chosen, unknown) && unknown is not null) return io.Fail(Unknown(unknown));
            var input = await RequestInput.ReadAsync(host, parsed.GetRequiredValue(file), cancellation);
            return await input.ThenAsync(io, document => RunAsync(
                io, document, chosen, parsed.GetValue(seed) ?? 1, parsed.GetValue(seeds) ?? (chosen is null ? SeedsOfAll : 1), parsed.GetValue(to), cancellation));
        });
        return command;
    }

    private static (IReadOnlyList<ChosenScenario>? Chosen, string? Unknown) Choose(string[]? names)
    {
        if (names is not { Length: > 0 }) return (null, null);
        var chosen = new List<ChosenScenario>();
        foreach (var name in names)
        {
            if (ScenarioLibrary.Find(name) is not { } one) return (null, name);
            if (!chosen.Contains(one)) chosen.Add(one);
        }

        return (chosen, null);
    }

    private static CliError Unknown(string name)
    {
        var known = ScenarioLibrary.All.Select(scenario => scenario.Name).ToList();
        var near = NearestName.Of(name.Split('@')[0], known);
        return new CliError
        {
            ExitCode = ExitCodes.Usage,
            Kind = "unknown_scenario",
            What = $"There is no scenario '{name}'",
            Why = $"expected one of {string.Join(", ", known)}, or error-xN and latency-xN with N above 1 up to 100; @2 behind it means the second stage",
            Fix = near is null ? "" : $"Did you mean '{near}'?",
        };
    }

    private static async Task<int> RunAsync(
        CommandIo io, RequestInput input, IReadOnlyList<ChosenScenario>? chosen, int seed, int seeds, string? to, CancellationToken cancellation)
    {
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(input.Bytes, input.MediaType));
        if (reading.Request is not { } request || reading.Problems.Count > 0) return io.Fail(Invalid(input, "is not a valid request", reading.Problems));
        var (subject, problems) = RehearsalSubject.Of(request);
        if (subject is null) return io.Fail(Invalid(input, "cannot be planned", problems));

        var progress = new RehearsalProgress(io);
        var kept = chosen is null || to is not null;
        var began = io.Host.Time.GetTimestamp();
        var report = await Rehearsals.RunAsync(
            subject, chosen ?? [.. ScenarioLibrary.All.Select(scenario => new ChosenScenario(scenario, null))], seed, seeds, io.Host.Time.GetUtcNow(), chosen is null,
            heads: kept || io.Json, progress.Done, cancellation);
        progress.End();
        report = report with { DurationSeconds = Math.Round(io.Host.Time.GetElapsedTime(began).TotalSeconds, 1) };
        if (kept)
        {
            var path = Path.Combine(to is null ? Path.GetDirectoryName(Path.GetFullPath(input.Name, io.Host.CurrentDirectory))! : Path.GetFullPath(to, io.Host.CurrentDirectory), FileName);
            if (await WriteAsync(path, report, cancellation) is { } error) return io.Fail(error);
            io.Say($"Wrote {path}.");
        }

        if (io.Json) io.Data(report);
        else RehearsalText.Write(io, input.Name, report);
        return report.Passed ? ExitCodes.Done : ExitCodes.RolledBack;
    }

    private static async Task<CliError?> WriteAsync(string path, RehearsalReport report, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(report, SlipwayJson.Options) + "\n", cancellation);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new CliError
            {
                ExitCode = ExitCodes.Error,
                Kind = "unwritable_file",
                What = $"Cannot write '{path}'",
                Why = exception.Message,
                Fix = "Name another directory with --out.",
            };
        }
    }

    private static CliError Invalid(RequestInput input, string what, IReadOnlyList<RequestProblem> problems) => new()
    {
        ExitCode = ExitCodes.Error,
        Kind = "invalid_request",
        What = $"{input.Name} {what}",
        Problems = problems,
        Fix = $"Mend it; `slipway validate {input.Name}` says everything that is wrong with it.",
    };
}
