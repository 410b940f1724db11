using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core.Gates;
using Slipway.Core.Serialization;
using Slipway.Rehearsal.Running;

namespace Slipway.Cli.Rehearsing;

/// <summary>The kept result of a rehearsal as evidence for a start.</summary>
internal static class RehearsalFile
{
    /// <summary>Reads it; nothing where none was named and none is there.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="request">The request's file, beside which it is looked for.</param>
    /// <param name="named">The file that was named; null: none was.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<(RehearsalProof? Proof, CliError? Error)> ReadAsync(CliHost host, string request, string? named, CancellationToken cancellation)
    {
        var path = named is null
            ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(request, host.CurrentDirectory))!, RehearseCommand.FileName)
            : Path.GetFullPath(named, host.CurrentDirectory);
        if (named is null && !File.Exists(path)) return (null, null);
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellation);
            return JsonSerializer.Deserialize<RehearsalReport>(bytes, SlipwayJson.Options) is { Schema: RehearsalReport.SchemaName } report
                ? (ProofOf(report, bytes), null)
                : (null, Bad(path, $"it is no {RehearsalReport.SchemaName} object"));
        }
        catch (JsonException exception)
        {
            return (null, Bad(path, $"it is no {RehearsalReport.SchemaName} object: {exception.Message}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, Bad(path, exception.Message));
        }
    }

    private static RehearsalProof ProofOf(RehearsalReport report, byte[] bytes) => new(
        Convert.ToHexStringLower(SHA256.HashData(bytes))[..16],
        report.At,
        report.DurationSeconds ?? 0,
        report.ContentHash,
        report.Passed,
        report.Complete,
        report.Scenarios.Count(scenario => scenario.NotApplicable is null))
    {
        Rows = RehearsalRows.Of(report),
    };

    private static CliError Bad(string path, string why) => new()
    {
        ExitCode = ExitCodes.Error,
        Kind = "unreadable_file",
        What = $"Cannot read the rehearsal '{path}'",
        Why = why,
        Fix = "Make it anew with `slipway rehearse FILE`, or remove it.",
    };
}
