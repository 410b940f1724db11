using System.Globalization;

namespace Slipway.Core.Requests.Reading;

/// <summary>Collects what a reading finds: problems, and the keys that the reader knows.</summary>
internal sealed class ReadingContext
{
    private readonly List<RequestProblem> _problems = [];
    private int _unlisted;

    /// <summary>The keys that were looked for, with list positions as <c>[]</c> and free names as <c>*</c>.</summary>
    public SortedSet<string> KnownKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the file says that there is none, and where it holds a placeholder.</summary>
    public SortedDictionary<string, AnswerKind> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether another problem would still be listed; beyond that, suggestions are not worth computing.</summary>
    public bool IsListing => _problems.Count < RequestLimits.MaxProblems;

    public void Report(string path, int line, int column, string found, string expected, string? suggestion = null)
    {
        if (IsListing)
            _problems.Add(new RequestProblem(path, line, column, found, expected, suggestion));
        else
            _unlisted++;
    }

    public void Report(string path, RequestNode node, string found, string expected, string? suggestion = null) =>
        Report(path, node.Line, node.Column, found, expected, suggestion);

    /// <summary>Everything that was reported, in file order.</summary>
    public IReadOnlyList<RequestProblem> Problems()
    {
        var ordered = _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ToList();
        if (_unlisted > 0)
        {
            ordered.Add(RequestProblem.At(
                "", string.Create(CultureInfo.InvariantCulture, $"{_unlisted} more problems"), "the ones above corrected first"));
        }

        return ordered;
    }

    /// <summary>A node in words, short enough for a message.</summary>
    public static string Describe(RequestNode node) => node switch
    {
        RequestScalar { IsNull: true } => "nothing",
        RequestScalar { Quoted: true } scalar => $"\"{Shorten(scalar.Text)}\"",
        RequestScalar scalar => Shorten(scalar.Text),
        RequestMapping => "a mapping",
        _ => "a list",
    };

    /// <summary>Text without control characters and at most 80 characters long.</summary>
    public static string Shorten(string text)
    {
        var shown = text.Length > 80 ? text[..79] + "…" : text;
        return string.Concat(shown.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character));
    }
}
