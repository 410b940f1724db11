using System.Globalization;
using System.Text;

namespace Slipway.Cli.Terminal;

/// <summary>Makes text from elsewhere safe for a terminal.</summary>
public static class Printable
{
    /// <summary>
    /// One line without control and format characters: a title with escape sequences must not move the cursor, recolour the screen or
    /// fake another line.
    /// </summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsControl(letter) || letter is '\u2028' or '\u2029')
                line.Append(' ');
            else if (char.GetUnicodeCategory(letter) != UnicodeCategory.Format)
                line.Append(letter);
        }

        return line.ToString();
    }

    /// <summary>A moment as RFC 3339 in UTC, to the second.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>For example <c>12.5 %</c>.</summary>
    public static string Share(decimal percentage) => string.Create(CultureInfo.InvariantCulture, $"{percentage:0.######} %");
}
