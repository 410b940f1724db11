using System.Globalization;
using System.Text.Json.Serialization;
using Slipway.Core.Ledgers;
using Slipway.Core.Requests;

namespace Slipway.Core.Gates;

/// <summary>What an HTTP gate, a service or an external API answered.</summary>
/// <param name="Gate">Who was asked.</param>
/// <param name="Passed">Whether the answer was 2xx, in time.</param>
/// <param name="Details">What was found, against what was expected.</param>
/// <param name="LatencyMs">How long the answer took; null when there was none.</param>
/// <param name="At">When it was asked.</param>
public sealed record GateAnswer(HttpGateSpec Gate, bool Passed, string Details, double? LatencyMs, DateTimeOffset At)
{
    /// <summary>Who was asked, in words.</summary>
    [JsonIgnore]
    public string Who => Gate.Leans is null ? $"gate {Gate.Name}" : Gate.CheckName;

    /// <summary>The answer as the ledger keeps it; a gate of the request always blocks.</summary>
    public GateChecked Checked() =>
        new(Gate.CheckName, Passed ? GateStatus.Pass : Gate.Advisory ? GateStatus.Warning : GateStatus.Fail, !Gate.Advisory, Details, Gate.Leans ?? GateKind.Http, LatencyMs);
}

/// <summary>
/// What a stage's bake knows of its HTTP gates, and of the services and external APIs that the release leans on: a plain value that is carried
/// from poll to poll. One whose newest answer is not a pass blocks promotion, unless the release can do without it; a gate of the request that
/// fails <see cref="FailuresToBreach"/> times in a row is a breach, the outage of another system never is.
/// </summary>
public sealed record GateRuns
{
    /// <summary>So many failed answers of one gate in a row roll the release back.</summary>
    public const int FailuresToBreach = 3;

    /// <summary>Nothing asked yet.</summary>
    public static GateRuns None { get; } = new();

    /// <summary>The stage whose bake it is; -1: none yet.</summary>
    public int Stage { get; init; } = -1;

    /// <summary>The newest answers of each gate, at most <see cref="FailuresToBreach"/>, oldest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<GateAnswer>> Answers { get; init; } = new Dictionary<string, IReadOnlyList<GateAnswer>>();

    /// <summary>What the release was last told: true, every gate passes; false, one does not; null, nothing in this stage.</summary>
    public bool? Told { get; init; }

    /// <summary>Takes the answers of one asking in; the answers of another stage are forgotten.</summary>
    public GateRuns Hear(int stage, IReadOnlyList<GateAnswer> answers)
    {
        var before = stage == Stage ? this : new GateRuns { Stage = stage };
        var all = new SortedDictionary<string, IReadOnlyList<GateAnswer>>(before.Answers.ToDictionary(), StringComparer.Ordinal);
        foreach (var answer in answers)
            all[answer.Gate.CheckName] = [.. all.GetValueOrDefault(answer.Gate.CheckName, []).TakeLast(FailuresToBreach - 1), answer];
        return before with { Answers = all };
    }

    /// <summary>The answers that say something else than the gate's answer before.</summary>
    public IEnumerable<GateAnswer> Changed() =>
        Answers.Values.Where(answers => answers.Count < 2 || answers[^1].Passed != answers[^2].Passed).Select(answers => answers[^1]);

    /// <summary>Why the stage must not be promoted; null when every gate's newest answer is a pass.</summary>
    public string? Block(int stage, IReadOnlyList<HttpGateSpec>? gates)
    {
        foreach (var gate in gates ?? [])
        {
            var who = gate.Leans is null ? $"gate {gate.Name}" : gate.CheckName;
            if (stage != Stage || !Answers.TryGetValue(gate.CheckName, out var answers)) return $"{who} has not answered yet in this stage";
            if (!gate.Advisory && !answers[^1].Passed) return $"{who} does not pass: {answers[^1].Details}";
        }

        return null;
    }

    /// <summary>The sentence of the breach, with gate, answers and times; null when no gate failed often enough in a row.</summary>
    public string? Breach() => Answers
        .Where(gate => gate.Value.Count >= FailuresToBreach && gate.Value[^1].Gate.Leans is null && gate.Value.All(answer => !answer.Passed))
        .Select(gate => $"gate {gate.Value[^1].Gate.Name} failed {FailuresToBreach} polls in a row: {string.Join("; ", gate.Value.Select(Line))}")
        .FirstOrDefault();

    private static string Line(GateAnswer answer) =>
        string.Create(CultureInfo.InvariantCulture, $"{answer.At.UtcDateTime:HH:mm:ss}Z {answer.Details}");
}
