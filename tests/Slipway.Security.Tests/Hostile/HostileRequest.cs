using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Security.Tests.Hostile;

/// <summary>The sample with every field in it that anybody may fill: each text for which the reader takes hostile text has it.</summary>
internal static class HostileRequest
{
    /// <summary>What a release cannot go without: it is found by these, or its check must pass for the release to get on.</summary>
    private static readonly string[] Untouched =
    [
        "release.requested_by", "flags[0].name", "communications.stakeholders[0].email", "environments[0].service", "telemetry.service",
        "rollback.configuration", "operations.calendar_approval",
    ];

    /// <summary>The request, and how many of its fields are hostile.</summary>
    public static (ReleaseRequest Request, IReadOnlyList<string> Fields) Make(string yaml)
    {
        var tree = YamlRequestDocument.Parse(yaml).Root ?? throw new InvalidDataException("the sample does not read");
        var request = ReleaseRequestReader.Read(tree).Request ?? throw new InvalidDataException(string.Join('\n', ReleaseRequestReader.Read(tree).Problems));
        var fields = new List<string>();
        var number = 0;
        foreach (var path in Paths(tree, "").Where(path => !path.EndsWith(".approval", StringComparison.Ordinal) && !Untouched.Any(known => path.StartsWith(known, StringComparison.Ordinal))).ToList())
        {
            number++;
            foreach (var text in HostileText.For(number))
            {
                var changed = With(tree, "", path, text);
                if (ReleaseRequestReader.Read(changed).Request is not { } taken) continue;
                (tree, request) = (changed, taken);
                fields.Add(path);
                break;
            }
        }

        return (request, fields);
    }

    private static IEnumerable<string> Paths(RequestNode node, string path) => node switch
    {
        RequestMapping mapping => mapping.Entries.SelectMany(entry => Paths(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}")),
        RequestSequence list => list.Items.SelectMany((item, index) => Paths(item, $"{path}[{index}]")),
        _ => [path],
    };

    private static RequestNode With(RequestNode node, string path, string wanted, string text) => node switch
    {
        RequestMapping mapping => mapping with { Entries = [.. mapping.Entries.Select(entry => entry with { Value = With(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", wanted, text) })] },
        RequestSequence list => list with { Items = [.. list.Items.Select((item, index) => With(item, $"{path}[{index}]", wanted, text))] },
        RequestScalar scalar when path == wanted => scalar with { Text = text, Quoted = true },
        _ => node,
    };
}
