namespace Slipway.Web.Api;

/// <summary>A path such as <c>/api/releases/{id}/ledger</c>: literal segments and placeholders for one segment each. Pure.</summary>
public sealed class RouteTemplate
{
    private readonly string[] _segments;

    /// <summary>Reads a template that starts with a slash.</summary>
    public RouteTemplate(string text)
    {
        Text = text;
        _segments = SegmentsOf(text);
    }

    /// <summary>The template as written.</summary>
    public string Text { get; }

    /// <summary>
    /// The placeholders' values when the path has this form, otherwise null. Segments compare by case; a trailing slash is ignored; an
    /// empty segment matches no placeholder.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Match(string path)
    {
        var found = SegmentsOf(path);
        if (found.Length != _segments.Length)
            return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < found.Length; i++)
        {
            if (_segments[i] is ['{', .. var name, '}'])
            {
                if (found[i].Length == 0)
                    return null;
                values[name] = found[i];
            }
            else if (_segments[i] != found[i])
            {
                return null;
            }
        }

        return values;
    }

    /// <summary>The segments by which a path is matched: slashes at its start and end do not count. Whoever decides by a path beside the table has to see it as the
    /// table does.</summary>
    public static string[] SegmentsOf(string path) => path.TrimEnd('/').TrimStart('/').Split('/');
}
