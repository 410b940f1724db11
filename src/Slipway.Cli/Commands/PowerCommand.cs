using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway power FILE</c>: what the stages of a request will be able to tell, before anything starts; without a server.</summary>
public sealed class PowerCommand : ICliCommand
{
    private static readonly string[] Titles = [.. PowerLine.Titles.Select(title => title.ToUpperInvariant())];

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
            : PowerLine.Ratios);
        return ExitCodes.Done;
    }

    private static IEnumerable<string> Table(ReleasePlan plan, ReleasePower power)
    {
        if (power.Rows.Count == 0) yield break;
        List<string[]> rows = [Titles, .. power.Rows.Select(row => PowerLine.Of(plan, row).Cells.ToArray())];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }
}
