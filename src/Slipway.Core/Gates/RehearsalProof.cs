using System.Globalization;
using Slipway.Core.Requests;

namespace Slipway.Core.Gates;

/// <summary>
/// What a rehearsal of the way back found, as whoever starts a release states it: the evidence that its rollback plan was tried. It counts for
/// the request with that content alone, and for a week.
/// </summary>
/// <param name="Id">Identifies the whole result: the start of its SHA-256.</param>
/// <param name="At">When it was rehearsed.</param>
/// <param name="DurationSeconds">How long that took.</param>
/// <param name="ContentHash">Of the request that was rehearsed; see <see cref="RequestHash"/>.</param>
/// <param name="Passed">Whether every promise of the plan was kept.</param>
/// <param name="Complete">Whether every scenario that fits the plan was rehearsed.</param>
/// <param name="Scenarios">How many fit.</param>
public sealed record RehearsalProof(string Id, DateTimeOffset At, double DurationSeconds, string ContentHash, bool Passed, bool Complete, int Scenarios)
{
    /// <summary>The scenarios; null: whoever started the release did not state them, as before there were rows.</summary>
    public IReadOnlyList<RehearsalRow>? Rows { get; init; }

    /// <summary>How old it may be at the start.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    /// <summary>Clocks of two machines differ by no more.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>The rehearsal in a few words, for gate and ledger.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture, $"rehearsed {At.UtcDateTime:yyyy-MM-dd HH:mm}Z in {Scenarios} scenarios within {DurationSeconds:0.#} s, {(Passed ? "every promise kept" : "promises broken")} (rehearsal {Id})");

    /// <summary>Why a rehearsal does not count for a request; null: it does.</summary>
    /// <param name="proof">The rehearsal; null: there is none.</param>
    /// <param name="contentHash">Of the request that is to be started.</param>
    /// <param name="now">The moment of the start.</param>
    public static string? Problem(RehearsalProof? proof, string contentHash, DateTimeOffset now) => proof switch
    {
        null => "no rehearsal of the way back",
        _ when proof.ContentHash != contentHash => $"a rehearsal of another request (content {Start(proof.ContentHash)}, and this is {Start(contentHash)})",
        { Passed: false } => $"a rehearsal that failed: {proof.Sentence}",
        { Complete: false } => "a rehearsal of some scenarios alone",
        _ when proof.At > now + Ahead => string.Create(CultureInfo.InvariantCulture, $"a rehearsal of the future ({proof.At.UtcDateTime:yyyy-MM-dd HH:mm}Z)"),
        _ when now - proof.At > MaxAge => $"a rehearsal that is older than {DurationText.Format(MaxAge)}: {proof.Sentence}",
        _ => null,
    };

    private static string Start(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
