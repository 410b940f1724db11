using System.Globalization;
using System.Text;

namespace Slipway.Azure.Metrics;

/// <summary>Values as KQL literals. No value reaches a query in another way.</summary>
internal static class KqlText
{
    /// <summary>A string. Whatever could end it, and whatever cannot be seen, is escaped.</summary>
    public static string Of(string text)
    {
        var literal = new StringBuilder("\"", text.Length + 2);
        foreach (var character in text)
        {
            if (character is '"' or '\\') literal.Append('\\').Append(character);
            else if (character is >= ' ' and <= '~') literal.Append(character);
            else literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return literal.Append('"').ToString();
    }

    /// <summary>Several strings, for <c>in</c>.</summary>
    public static string Of(IEnumerable<string> texts) => $"({string.Join(", ", texts.Select(Of))})";

    /// <summary>A moment.</summary>
    public static string Of(DateTimeOffset moment) => $"datetime({moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)})";

    /// <summary>A length of time.</summary>
    public static string Of(TimeSpan length) => $"time({length.ToString("c", CultureInfo.InvariantCulture)})";

    /// <summary>A number.</summary>
    public static string Of(double number) => $"real({number.ToString("R", CultureInfo.InvariantCulture)})";
}
