namespace Slipway.Core.Releases;

/// <summary>
/// A feature flag as read from its store: the verbatim JSON, its ETag, and what Slipway understands of it. Two states are the same
/// setting when their <see cref="ETag"/> is the same, and the same behaviour when their <see cref="Json"/> is.
/// </summary>
/// <param name="Name">The flag's name, without the store's key prefix and without its label.</param>
/// <param name="Json">The flag's JSON exactly as stored.</param>
/// <param name="ETag">The store's version of this value, without quotes.</param>
/// <param name="Enabled">The <c>enabled</c> member.</param>
/// <param name="Exposure">
/// The default rollout that follows from the JSON: 0 when disabled, 100 when enabled without filters, else the default rollout percentage
/// of the targeting filter (or the value of a percentage filter).
/// </param>
/// <param name="Segments">Groups of the targeting filter's audience.</param>
/// <param name="Overrides">Users of the targeting filter's audience.</param>
/// <param name="Rules">The filters' names, for display and report.</param>
/// <param name="Label">The label under which this value is kept; empty for a flag without one.</param>
public sealed record FlagState(
    string Name,
    string Json,
    string ETag,
    bool Enabled,
    Percentage Exposure,
    IReadOnlyList<string> Segments,
    IReadOnlyList<string> Overrides,
    IReadOnlyList<string> Rules,
    string Label = "")
{
    /// <summary>Name and label.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public FlagKey Key => new(Name, Label);

    /// <summary>Whether a read answered what was there before Slipway wrote, as a replica does that is behind: every write makes a new ETag, so that
    /// what was captured never stands there again under its own.</summary>
    /// <param name="captured">The state before Slipway's first write.</param>
    /// <param name="left">The last state that Slipway knows of its own.</param>
    public bool IsOfThePast(FlagState captured, FlagState left) => ETag == captured.ETag && left.ETag != captured.ETag;

    /// <summary>Whether a read may have answered what was there before Slipway wrote, of whatever version: the preflight saves a flag as it is to prove
    /// that it can be written, so that what was captured had another ETag a moment before. Somebody may also have brought it back by hand.</summary>
    /// <param name="captured">The state before Slipway's first write.</param>
    /// <param name="left">The last state that Slipway knows of its own.</param>
    public bool MayBeOfThePast(FlagState captured, FlagState left) => Json == captured.Json && ETag != left.ETag && left.ETag != captured.ETag;
}
