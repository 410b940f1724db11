using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway power FILE</c>: what the stages of a request will be able to tell, before anything starts; without a server.</summary>
public sealed class PowerCommand : ICliCommand
{
    private static readonly string[] Titles = ["STAGE", "METRIC", "FOUND 80 %", "FOUND 95 %", "HARMED", "2X FOUND", "2X AT 80 % BY", "PROMOTION PROVES"];

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var file = RequestInput.FileArgument();
        var rps = NumberOption.Of("--rps", "RPS", "Requests a second, in place of operations.traffic_rps", "requests a second", "100", 10_000_000);
        var errors = NumberOption.Of("--base-error-rate", "PERCENT", "Failed requests of the present version, in place of operations.base_error_rate", "a percentage", "0.1%", 50);
        var command = new Command("power", "Say how small a regression each stage can see, before anything starts") { file, rps, errors };
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = new CommandIo(host, parsed);
            var input = await RequestInput.ReadAsync(host, parsed.GetRequiredValue(file), cancellation);
            return await input.ThenAsync(io, document => Task.FromResult(Show(io, document, parsed.GetValue(rps), parsed.GetValue(errors))));
        });
        return command;
    }

    private static int Show(CommandIo io, RequestInput input, decimal? rps, decimal? errors)
    {
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(input.Bytes, input.MediaType));
        if (reading.Request is not { } request || reading.Problems.Count > 0)
        {
            return io.Fail(new CliError
            {
                ExitCode = ExitCodes.Error,
                Kind = "invalid_request",
                What = $"{input.Name} is not a valid request",
                Problems = reading.Problems,
                Fix = $"Mend it; `slipway validate {input.Name}` says everything that is wrong with it.",
            });
        }

        var plan = Planner.Draft(request);
        plan = plan with
        {
            Evidence = plan.Evidence with
            {
                ExpectedRps = (double?)rps ?? plan.Evidence.ExpectedRps,
                ExpectedErrorRate = (double?)errors / 100 ?? plan.Evidence.ExpectedErrorRate,
            },
        };
        var power = ReleasePower.Of(plan);
        if (io.Json)
        {
            io.Data(new { schema = "slipway.power.v1", source = input.Name, release = plan.ReleaseId, power.Assumptions, power.Rows });
        }
        else
        {
            foreach (var assumption in power.Assumptions) io.Data(Printable.Line(assumption));
            foreach (var line in Table(plan, power)) io.Data(Printable.Line(line));
        }

        io.Say(power.Rows.Count == 0
            ? plan.Evidence.ExpectedRps is > 0 ? "Without a control arm nothing is compared; the limits of the guardrails hold all the same." : "State operations.traffic_rps, or give --rps."
            : "Ratios are to the control arm at the same time: its rate of errors, or of requests slower than its usual p95.");
        return ExitCodes.Done;
    }

    private static IEnumerable<string> Table(ReleasePlan plan, ReleasePower power)
    {
        if (power.Rows.Count == 0) yield break;
        List<string[]> rows = [Titles, .. power.Rows.Select(row => Cells(plan, row))];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }

    private static string[] Cells(ReleasePlan plan, StagePower row) =>
    [
        $"{plan.Describe(row.Stage)} for {DurationText.Format(plan.Stages[row.Stage].Bake)}",
        row.Metric,
        Times(row.Likely),
        Times(row.NearlySure),
        row.Likely is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(row.Harmed):N0}"),
        (row.TwiceMinutes, row.TwiceChance) switch
        {
            ({ } minutes, >= DetectionPower.Likely) => string.Create(CultureInfo.InvariantCulture, $"in {minutes:0.#} min"),
            (_, >= 0.01) => string.Create(CultureInfo.InvariantCulture, $"by {Math.Floor(100 * row.TwiceChance):0} %"),
            _ => "never",
        },
        (row.TwiceNeedsMinutes, row.TwiceNeedsPercentage) switch
        {
            (null, null) => row.TwiceChance >= DetectionPower.Likely ? "as it is" : "nothing",
            ({ } bake, null) => string.Create(CultureInfo.InvariantCulture, $"bake {DurationText.Format(TimeSpan.FromMinutes(bake))}"),
            (null, { } share) => string.Create(CultureInfo.InvariantCulture, $"{share:0} %"),
            ({ } bake, { } share) => string.Create(CultureInfo.InvariantCulture, $"bake {DurationText.Format(TimeSpan.FromMinutes(bake))} or {share:0} %"),
        },
        row.Margin is { } margin ? string.Create(CultureInfo.InvariantCulture, $"under {margin:0.##}x{(row.MarginNeedsLongest ? " at the longest bake" : "")}") : "nothing",
    ];

    private static string Times(double? ratio) => ratio is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.##}x") : "none";
}
