using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core.Releases;

/// <summary>
/// Which flag: its name, and the label under which its value is kept. The same flag has one value for each label, as in App
/// Configuration, so that an environment or a region can have its own. The text form is <c>name</c>, or <c>name@label</c> where the label
/// is not empty. <c>default</c> is not a valid key and has no <see cref="Name"/>.
/// </summary>
public readonly record struct FlagKey : IComparable<FlagKey>
{
    /// <summary>The longest label in characters.</summary>
    public const int MaxLabelLength = 100;

    private const char Separator = '@';

    private readonly string? _name;
    private readonly string? _label;

    /// <summary>Makes a key; throws <see cref="FormatException"/> on a name or label that cannot be.</summary>
    /// <param name="name">The flag's name: not empty, without <c>@</c>.</param>
    /// <param name="label">The label; empty for a flag without one.</param>
    public FlagKey(string name, string label = "")
    {
        if (Problem(name, label) is { } problem) throw new FormatException(problem);
        (_name, _label) = (name, label);
    }

    /// <summary>The flag's name, by which applications ask for it. Throws <see cref="InvalidOperationException"/> on <c>default</c>.</summary>
    public string Name => _name ?? throw new InvalidOperationException("A FlagKey was used without a name.");

    /// <summary>The label; empty for a flag without one.</summary>
    public string Label => _label ?? "";

    /// <summary>Why a name and a label cannot be a key; null when they can.</summary>
    public static string? Problem(string name, string label) =>
        name.Length == 0 ? "a flag's name is empty; expected name or name@label"
        : name.Contains(Separator) ? $"'{name}' is not a flag's name: it contains '@', which stands before a label"
        : LabelProblem(label);

    /// <summary>Why a text cannot be a label; null when it can, as the empty one can.</summary>
    public static string? LabelProblem(string label) =>
        label.Length > MaxLabelLength ? $"the label has {label.Length} characters; expected at most {MaxLabelLength}"
        : label.Any(character => character is '@' or '*' or ',' or '\\' or '%' || char.IsControl(character))
            ? $"'{label}' is not a label: expected no '@', '*', ',', '\\', '%' and control characters"
        : label.Trim() != label ? $"'{label}' is not a label: it starts or ends with white space"
        : null;

    /// <summary>Reads the text form; false when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out FlagKey key)
    {
        key = default;
        if (text is null) return false;
        var (name, label) = Split(text);
        if (Problem(name, label) is not null || text.EndsWith(Separator)) return false;
        key = new FlagKey(name, label);
        return true;
    }

    /// <summary>Reads the text form; throws <see cref="FormatException"/> that says what was found and what is expected.</summary>
    public static FlagKey Parse(string text)
    {
        if (TryParse(text, out var key)) return key;
        var (name, label) = Split(text);
        throw new FormatException($"'{text}' is not a flag's key: {Problem(name, label) ?? "the label behind '@' is empty; leave '@' out for a flag without a label"}.");
    }

    /// <summary>The key of a text form; throws <see cref="FormatException"/> as <see cref="Parse"/> does.</summary>
    public static implicit operator FlagKey(string text) => Parse(text);

    /// <summary>By name and then label, ordinal.</summary>
    public int CompareTo(FlagKey other)
    {
        var names = string.CompareOrdinal(_name, other._name);
        return names != 0 ? names : string.CompareOrdinal(Label, other.Label);
    }

    /// <summary>Whether <paramref name="left"/> comes first.</summary>
    public static bool operator <(FlagKey left, FlagKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes last.</summary>
    public static bool operator >(FlagKey left, FlagKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> comes first or is the same.</summary>
    public static bool operator <=(FlagKey left, FlagKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> comes last or is the same.</summary>
    public static bool operator >=(FlagKey left, FlagKey right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public bool Equals(FlagKey other) => _name == other._name && Label == other.Label;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_name, Label);

    /// <summary>The text form.</summary>
    public override string ToString() => Label.Length == 0 ? _name ?? "" : $"{_name}{Separator}{Label}";

    private static (string Name, string Label) Split(string text)
    {
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }
}
