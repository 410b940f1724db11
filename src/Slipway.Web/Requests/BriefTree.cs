using Slipway.Core.Requests;

namespace Slipway.Web.Requests;

/// <summary>A request tree that is made field by field, each with the line of the brief that it comes from.</summary>
internal sealed class BriefTree
{
    private readonly List<(string Path, string Text, int Line)> _fields = [];

    /// <summary>Sets a field; the first value of a path counts. Fields of the one environment have paths such as <c>environments.cloud</c>.</summary>
    public void Set(string path, string text, int line)
    {
        if (_fields.All(field => field.Path != path)) _fields.Add((path, text, line));
    }

    /// <summary>Whether a field is set.</summary>
    public bool Has(string path) => _fields.Exists(field => field.Path == path);

    /// <summary>The tree, in the order in which the sections were first set.</summary>
    public RequestMapping Root() => new(
        [.. _fields.GroupBy(field => field.Path.Split('.')[0]).Select(section =>
        {
            var line = section.First().Line;
            var mapping = new RequestMapping(
                [.. section.Select(field => new RequestEntry(field.Path.Split('.')[1], field.Line, 1, new RequestScalar(field.Text, IsText(field.Path), field.Line, 1)))], line, 1);
            return new RequestEntry(section.Key, line, 1, section.Key == "environments" ? new RequestSequence([mapping], line, 1) : mapping);
        })],
        1, 1);

    /// <summary>A number must not be marked as text.</summary>
    private static bool IsText(string path) => path != "operations.traffic_rps";
}
