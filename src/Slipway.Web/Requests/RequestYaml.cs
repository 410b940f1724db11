using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core.Requests;

namespace Slipway.Web.Requests;

/// <summary>Writes a request tree as YAML that <see cref="YamlRequestDocument"/> reads back as the same tree.</summary>
public static partial class RequestYaml
{
    // Quotes, backslashes and control characters are escaped, nothing else: JSON's strings are YAML's too.
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the tree.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="comments">What is said behind a value, by path.</param>
    public static string Write(RequestMapping root, IReadOnlyDictionary<string, string>? comments = null)
    {
        var text = new StringBuilder();
        Write(text, root, "", "", comments ?? new Dictionary<string, string>());
        return text.ToString();
    }

    private static void Write(StringBuilder text, RequestMapping mapping, string path, string indent, IReadOnlyDictionary<string, string> comments, bool isItem = false)
    {
        foreach (var (position, entry) in mapping.Entries.Index())
        {
            var own = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";

            // The first key of a list's item stands behind its dash.
            var lead = position == 0 && isItem ? "" : indent;
            text.Append(lead).Append(Text(entry.Key)).Append(':');
            if (entry.Value is RequestScalar)
            {
                text.Append(' ').Append(Inline(entry.Value)).Append(comments.TryGetValue(own, out var comment) ? $"  # {comment}" : "").Append('\n');
                continue;
            }

            text.Append('\n');
            if (entry.Value is RequestMapping inner)
                Write(text, inner, own, indent + "  ", comments);
            else if (entry.Value is RequestSequence list)
                Write(text, list, own, indent + "  ", comments);
        }
    }

    private static void Write(StringBuilder text, RequestSequence list, string path, string indent, IReadOnlyDictionary<string, string> comments)
    {
        foreach (var (index, item) in list.Items.Index())
        {
            text.Append(indent).Append("- ");
            if (item is RequestMapping mapping)
                Write(text, mapping, $"{path}[{index}]", indent + "  ", comments, isItem: true);
            else
                text.Append(Inline(item)).Append('\n');
        }
    }

    // A colon at the end is part of a bare word in braces, and the sign of a key on a line of its own.
    private static string Inline(RequestNode node) => node is RequestScalar scalar ? scalar.Quoted || scalar.Text.EndsWith(':') ? Text(scalar.Text) : scalar.Text : "[]";

    private static string Text(string text) => Plain().IsMatch(text) ? text : JsonSerializer.Serialize(text, Quoting);

    /// <summary>Words that no YAML reader takes for anything but text.</summary>
    [GeneratedRegex(@"\A(?!(?:true|false|null|yes|no|on|off)\z)[A-Za-z][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*\z", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();
}
