using System.Text;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;

namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>
/// The ledger of a release (<c>ledger.jsonl</c>): the observations of its judged intervals, of its last environment. The chain of hashes is
/// not verified here; <c>slipway audit verify</c> does.
/// </summary>
/// <param name="path">Where the file is.</param>
/// <param name="name">As the person named it.</param>
/// <param name="interval">The plan's interval.</param>
internal sealed class LedgerRecording(string path, string name, TimeSpan interval) : IRecordingFile
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Format => "ledger";

    /// <inheritdoc/>
    public IEnumerable<RecordedRow> Rows()
    {
        var (line, environment) = (0L, 0);
        foreach (var text in File.ReadLines(path, Encoding.UTF8))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            switch (Read(text, line))
            {
                case ReleaseCreated created:
                    environment = created.Plan.Environments.Count - 1;
                    break;
                case IntervalJudged judged when judged.Environment == environment:
                    foreach (var row in judged.Observations.SelectMany(observation => Arms(observation, line))) yield return row;
                    break;
                default:
                    break;
            }
        }
    }

    private LedgerBody? Read(string text, long line)
    {
        try
        {
            var entry = LedgerLines.Read(text);

            // A ledger tells much that is no telemetry.
            return entry.Type is "interval.judged.v1" or "release.created.v1" ? entry.Read() : null;
        }
        catch (FormatException exception)
        {
            throw new RecordingException(name, line, null, exception.Message, "an entry of a ledger, as GET /api/releases/ID/ledger gives it");
        }
    }

    private IEnumerable<RecordedRow> Arms(Observation observation, long line)
    {
        if (observation.Length != interval)
            throw new RecordingException(name, line, "length", FormattableString.Invariant($"intervals of {observation.Length.TotalSeconds:0.###} s"), FormattableString.Invariant($"those of the plan, {interval.TotalSeconds:0.###} s"));
        if (observation.Canary is { } canary) yield return new RecordedRow(line, observation.Start.ToUniversalTime(), observation.Region, RecordedArm.Canary, canary);
        if (observation.Control is { } control) yield return new RecordedRow(line, observation.Start.ToUniversalTime(), observation.Region, RecordedArm.Control, control);
    }
}
