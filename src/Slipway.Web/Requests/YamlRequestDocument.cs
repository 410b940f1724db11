using System.Globalization;
using System.Text;
using Slipway.Core.Requests;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Web.Requests;

/// <summary>
/// Reads YAML into a <see cref="RequestNode"/> tree. Never throws at what a file says; the first error ends the reading. Anchors, aliases
/// and tags are refused: a request is plain data, and what it says must stand where it is read.
/// </summary>
public static class YamlRequestDocument
{
    /// <summary>Reads one YAML document. A file without content reads as an empty mapping.</summary>
    public static RequestDocument Parse(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > RequestLimits.MaxBytes)
        {
            return RequestDocument.Unreadable(new RequestProblem(
                "", 1, 1, string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
                string.Create(CultureInfo.InvariantCulture, $"at most {RequestLimits.MaxBytes} bytes")));
        }

        var builder = new RequestTreeBuilder();
        var parser = new Parser(new StringReader(text.TrimStart('\uFEFF')));
        var lines = 1 + text.AsSpan().TrimEnd("\r\n").Count('\n');
        var documents = 0;
        while (builder.Failure is null && Next(parser, builder, lines))
            Take(parser.Current!, builder, ref documents);

        return builder.Failure is { } failure
            ? RequestDocument.Unreadable(failure)
            : RequestDocument.Of(builder.Root is null or RequestScalar { IsNull: true } ? RequestMapping.Empty : builder.Root);
    }

    private static bool Next(Parser parser, RequestTreeBuilder builder, int lines)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (YamlException error)
        {
            // What is still open at the end of the file is reported one line after the last.
            var line = Math.Clamp((int)error.Start.Line, 1, lines);
            builder.Fail(new RequestProblem("", line, Math.Max(1, (int)error.Start.Column), $"broken YAML: {FirstLine(error.Message)}", "valid YAML"));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The parser has input that breaks it with exceptions of every kind; to the author that is broken YAML all the same.
            var last = parser.Current?.End ?? new Mark(0, 1, 1);
            builder.Fail(new RequestProblem("", (int)last.Line, (int)last.Column, "broken YAML after this place", "valid YAML"));
        }

        return false;
    }

    private static void Take(ParsingEvent current, RequestTreeBuilder builder, ref int documents)
    {
        var (line, column) = ((int)current.Start.Line, (int)current.Start.Column);
        switch (current)
        {
            case DocumentStart when ++documents > 1:
                builder.Fail(new RequestProblem("", line, column, "a second YAML document", "one document in the file"));
                break;
            case AnchorAlias alias:
                builder.Fail(new RequestProblem("", line, column, $"the alias *{alias.Value}", "the value itself (aliases are not supported)"));
                break;
            case NodeEvent { Anchor.IsEmpty: false } node:
                builder.Fail(new RequestProblem("", line, column, $"the anchor &{node.Anchor}", "the value without an anchor (anchors are not supported)"));
                break;
            case NodeEvent { Tag.IsEmpty: false } node:
                builder.Fail(new RequestProblem("", line, column, $"the tag {node.Tag}", "the value without a tag (tags are not supported)"));
                break;
            case MappingStart:
                builder.BeginMapping(line, column);
                break;
            case SequenceStart:
                builder.BeginSequence(line, column);
                break;
            case MappingEnd or SequenceEnd:
                builder.End();
                break;
            case Scalar scalar:
                builder.Scalar(scalar.Value, scalar.Style != ScalarStyle.Plain, line, column);
                break;
        }
    }

    private static string FirstLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
