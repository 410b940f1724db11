using System.Globalization;

namespace Slipway.Core.Requests;

/// <summary>
/// Builds a tree from the events of a parser, without recursion and inside <see cref="RequestLimits"/>. In a mapping, scalars are
/// alternately key and value. After the first failure every call is ignored.
/// </summary>
public sealed class RequestTreeBuilder
{
    private readonly Stack<Frame> _open = new();
    private int _nodes;

    /// <summary>The tree's root once it is complete; otherwise null.</summary>
    public RequestNode? Root { get; private set; }

    /// <summary>Why the tree cannot be built; null while it can.</summary>
    public RequestProblem? Failure { get; private set; }

    /// <summary>A mapping starts.</summary>
    public void BeginMapping(int line, int column) => Begin(new Frame(line, column, IsMapping: true));

    /// <summary>A list starts.</summary>
    public void BeginSequence(int line, int column) => Begin(new Frame(line, column, IsMapping: false));

    /// <summary>The innermost open mapping or list ends.</summary>
    public void End()
    {
        if (Failure is not null)
            return;
        var frame = _open.Pop();
        Place(frame.IsMapping
            ? new RequestMapping(frame.Entries, frame.Line, frame.Column)
            : new RequestSequence(frame.Items, frame.Line, frame.Column));
    }

    /// <summary>A key or a single value.</summary>
    public void Scalar(string text, bool quoted, int line, int column)
    {
        if (!Count(line, column))
            return;
        if (_open.TryPeek(out var frame) && frame is { IsMapping: true, Key: null })
            frame.Key = new RequestScalar(text, quoted, line, column);
        else
            Place(new RequestScalar(text, quoted, line, column));
    }

    /// <summary>Ends the building with a problem of the parser's own.</summary>
    public void Fail(RequestProblem problem) => Failure ??= problem;

    private void Begin(Frame frame)
    {
        if (!Count(frame.Line, frame.Column))
            return;
        if (_open.TryPeek(out var parent) && parent is { IsMapping: true, Key: null })
            Fail(new RequestProblem("", frame.Line, frame.Column, "a mapping or list as a key", "a word as a key"));
        else if (_open.Count >= RequestLimits.MaxDepth)
            Fail(new RequestProblem("", frame.Line, frame.Column, "deeper nesting", Bound(RequestLimits.MaxDepth, "levels")));
        else
            _open.Push(frame);
    }

    private bool Count(int line, int column)
    {
        if (Failure is null && ++_nodes > RequestLimits.MaxNodes)
            Fail(new RequestProblem("", line, column, "more keys and values", Bound(RequestLimits.MaxNodes, "keys and values")));
        return Failure is null;
    }

    private void Place(RequestNode node)
    {
        if (!_open.TryPeek(out var frame))
        {
            Root ??= node;
        }
        else if (frame.IsMapping)
        {
            var key = frame.Key!;
            frame.Entries.Add(new RequestEntry(key.Text, key.Line, key.Column, node));
            frame.Key = null;
        }
        else
        {
            frame.Items.Add(node);
        }
    }

    private static string Bound(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"at most {count} {what}");

    private sealed record Frame(int Line, int Column, bool IsMapping)
    {
        public List<RequestEntry> Entries { get; } = [];

        public List<RequestNode> Items { get; } = [];

        public RequestScalar? Key { get; set; }
    }
}
