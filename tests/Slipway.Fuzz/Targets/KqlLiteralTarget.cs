using System.Globalization;
using System.Text;
using Slipway.Azure.Metrics;
using Slipway.Fuzz.Running;

namespace Slipway.Fuzz.Targets;

/// <summary>Texts as KQL literals: whatever a text holds, its literal ends where it ends, is of visible ASCII, and says that text.</summary>
internal sealed class KqlLiteralTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "kql-literal";

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; } = ["\" | union *", "\\\"", "\\", "//", "@'", "h\"", "```", "~~~", "datatable", ";", "\u2028", "\"\"", "\\u0022", "'"];

    /// <inheritdoc/>
    public string Read(byte[] input)
    {
        // Half of a surrogate pair is a text too, as .NET has it.
        var text = input.Length > 0 && input[0] == 0xFF ? Encoding.Unicode.GetString(input.AsSpan(1)) : Encoding.UTF8.GetString(input);
        var literal = KqlText.Of(text);
        var read = Decode(literal);
        if (read != text) throw new BrokenPromiseException("a literal says another text");
        return $"{literal.Contains("\\\\", StringComparison.Ordinal)} {literal.Contains("\\\"", StringComparison.Ordinal)} {literal.Contains("\\u", StringComparison.Ordinal)} {Math.Min(6, literal.Length - text.Length)}";
    }

    /// <summary>As Kusto reads a string in double quotes.</summary>
    private static string Decode(string literal)
    {
        if (literal[0] != '"') throw new BrokenPromiseException("a literal does not begin with its quote");
        var text = new StringBuilder();
        for (var at = 1; at < literal.Length; at++)
        {
            switch (literal[at])
            {
                case '"':
                    return at == literal.Length - 1 ? text.ToString() : throw new BrokenPromiseException("a literal ends before its end");
                case '\\' when literal[at + 1] == 'u':
                    text.Append((char)int.Parse(literal.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    at += 5;
                    break;
                case '\\':
                    text.Append(literal[++at]);
                    break;
                case < ' ' or > '~':
                    throw new BrokenPromiseException("a literal holds what cannot be seen");
                default:
                    text.Append(literal[at]);
                    break;
            }
        }

        throw new BrokenPromiseException("a literal does not end");
    }
}
