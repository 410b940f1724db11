using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Slipway.Core.Releases;

/// <summary>
/// The identity of one attempt at one release, and its idempotency key: 1 to 80 characters of <c>a-z</c>, <c>0-9</c>, <c>-</c> and
/// <c>.</c>, starting and ending with a letter or digit. <c>default</c> is not a valid id and has no <see cref="Value"/>.
/// </summary>
public readonly partial record struct ReleaseId
{
    private readonly string? _value;

    private ReleaseId(string value) => _value = value;

    /// <summary>The text of the id. Throws <see cref="InvalidOperationException"/> on <c>default</c>.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A ReleaseId was used without a value.");

    /// <summary>Reads an id; false when <paramref name="text"/> does not have the form described on the type.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReleaseId id)
    {
        id = text is not null && Form().IsMatch(text) ? new ReleaseId(text) : default;
        return id._value is not null;
    }

    /// <summary>Reads an id; throws <see cref="FormatException"/> naming what was found and what is expected.</summary>
    public static ReleaseId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is not a release id: expected 1 to 80 of a-z, 0-9, '-' and '.', starting and ending with a letter or digit.");

    /// <summary>
    /// Makes an id from free text (title and version): lower case, every other run of characters becomes one <c>-</c>, at most 80
    /// characters. Text without any usable character gives <c>release</c>.
    /// </summary>
    public static ReleaseId FromText(string text)
    {
        var slug = NotAllowed().Replace(text.ToLowerInvariant(), "-").Trim('-', '.');
        slug = slug.Length > 80 ? slug[..80].Trim('-', '.') : slug;
        return new ReleaseId(slug.Length == 0 ? "release" : slug);
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?\z")]
    private static partial Regex Form();

    [GeneratedRegex("[^a-z0-9.]+")]
    private static partial Regex NotAllowed();
}
