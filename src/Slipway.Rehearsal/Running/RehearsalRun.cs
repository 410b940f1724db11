using System.Text.Json.Serialization;

namespace Slipway.Rehearsal.Running;

/// <summary>One scenario with one seed.</summary>
public sealed record RehearsalRun
{
    /// <summary>The seed; with the scenario and the request it gives the same run on every machine.</summary>
    public required int Seed { get; init; }

    /// <summary>completed, rolled_back, failed; refused: it was not started; stuck: it did not end.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it ended so.</summary>
    public required string Why { get; init; }

    /// <summary>Minutes from the exposure of what was wrong to the decision to go back, or to the hold that led to it; null: nothing was wrong,
    /// or it was not found.</summary>
    public double? MinutesToDetect { get; init; }

    /// <summary>Requests that the new version spoiled.</summary>
    public long RequestsHarmed { get; init; }

    /// <summary>The largest share of users, in percent, that had the new version at one time.</summary>
    public double PeakExposure { get; init; }

    /// <summary>Minutes from the decision to go back until nobody had the new version; null: it was not taken back.</summary>
    public double? MinutesToSafe { get; init; }

    /// <summary>The compensation levels that ran, in order.</summary>
    public IReadOnlyList<int> Levels { get; init; } = [];

    /// <summary>What everybody received, in the order of the first message.</summary>
    public IReadOnlyList<RehearsalPost> Received { get; init; } = [];

    /// <summary>How long it took, in hours of the rehearsed time.</summary>
    public double Hours { get; init; }

    /// <summary>How often the process died.</summary>
    public int Deaths { get; init; }

    /// <summary>The promises that were broken, a sentence each.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>The hash of the last ledger entry, by which two runs are told apart to the last number; empty where there was none, and where nobody asked
    /// for it: to write and hash a ledger is a good part of what a rehearsal costs.</summary>
    public string LedgerHead { get; init; } = "";

    /// <summary>What happened, a line each; where a promise was broken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Log { get; init; }
}

/// <summary>What somebody received.</summary>
/// <param name="Recipient">The address, or the name of the webhook.</param>
/// <param name="Messages">The checkpoints, in order; one that came several times in a row stands once.</param>
public sealed record RehearsalPost(string Recipient, IReadOnlyList<string> Messages);
