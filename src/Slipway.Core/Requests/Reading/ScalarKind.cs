namespace Slipway.Core.Requests.Reading;

/// <summary>A kind of single value: what it is called in messages, and how its text is read.</summary>
/// <param name="Expected">What is expected, for example "a percentage from 0 to 100".</param>
/// <param name="Read">Reads the value.</param>
/// <param name="KeepsBlank">Whether blank text is a value of its own, and no placeholder.</param>
internal sealed record ScalarKind<T>(string Expected, Func<RequestScalar, Parsed<T>> Read, bool KeepsBlank = false);

/// <summary>A value, or why there is none.</summary>
internal readonly record struct Parsed<T>(bool Ok, T Value, string? Expected, string? Suggestion)
{
    public static Parsed<T> Good(T value) => new(true, value, null, null);

    /// <summary>Not readable; <paramref name="expected"/> is more exact than the kind's own words, where there is more to say.</summary>
    public static Parsed<T> Bad(string? expected = null, string? suggestion = null) => new(false, default!, expected, suggestion);
}
