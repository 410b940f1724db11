using System.Globalization;
using System.Text;

namespace Slipway.Azure.Storage;

/// <summary>Names and marks of blobs in the container of the state.</summary>
internal static class BlobNames
{
    /// <summary>Any text as one part of a name, reversible.</summary>
    public static string Part(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The text of a part; null when it is none.</summary>
    public static string? Text(string part)
    {
        var base64 = part.Replace('-', '+').Replace('_', '/');
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A moment as metadata: UTC ticks.</summary>
    public static string Mark(DateTimeOffset at) => at.UtcTicks.ToString(CultureInfo.InvariantCulture);

    /// <summary>The moment of a mark; null when it is none.</summary>
    public static DateTimeOffset? At(IDictionary<string, string> metadata, string name) =>
        metadata.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>Sorts as text, later moments first.</summary>
    public static string Descending(DateTimeOffset at) => (DateTime.MaxValue.Ticks - at.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
