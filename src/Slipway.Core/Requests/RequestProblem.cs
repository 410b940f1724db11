using System.Globalization;

namespace Slipway.Core.Requests;

/// <summary>One thing that is wrong with a request, a plan or a policy, in words for the person who wrote it.</summary>
/// <param name="Path">Where in the file, for example <c>stages[1].percentage</c>; empty: the file as a whole.</param>
/// <param name="Line">Line in the file, 1 first; 0: not tied to a line.</param>
/// <param name="Column">Column in the line, 1 first; 0: not tied to a column.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What is expected instead.</param>
/// <param name="Suggestion">The nearest valid name when a name is misspelt; otherwise null.</param>
public sealed record RequestProblem(string Path, int Line, int Column, string Found, string Expected, string? Suggestion = null)
{
    /// <summary>A problem that is not tied to a place in a file.</summary>
    public static RequestProblem At(string path, string found, string expected, string? suggestion = null) =>
        new(path, 0, 0, found, expected, suggestion);

    /// <summary>One line, for example <c>stages[1].percentage (line 12, column 18): found 120, expected a percentage from 0 to 100</c>.</summary>
    public override string ToString()
    {
        var path = Path.Length == 0 ? "the file" : Path;
        var place = Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (line {Line}, column {Column})");
        var suggestion = Suggestion is null ? "" : $"; did you mean '{Suggestion}'?";
        return $"{path}{place}: found {Found}, expected {Expected}{suggestion}";
    }
}

/// <summary>A file read into a tree, or the reason why it could not be.</summary>
/// <param name="Root">The tree; null exactly when there are problems.</param>
/// <param name="Problems">What kept the file from being read; empty when it was.</param>
public sealed record RequestDocument(RequestNode? Root, IReadOnlyList<RequestProblem> Problems)
{
    /// <summary>A file that was read.</summary>
    public static RequestDocument Of(RequestNode root) => new(root, []);

    /// <summary>A file that could not be read.</summary>
    public static RequestDocument Unreadable(RequestProblem problem) => new(null, [problem]);
}

/// <summary>What reading a request gave.</summary>
/// <param name="Request">The request; null exactly when there are problems.</param>
/// <param name="Problems">Every problem of the file, in file order.</param>
public sealed record RequestReading(ReleaseRequest? Request, IReadOnlyList<RequestProblem> Problems);
