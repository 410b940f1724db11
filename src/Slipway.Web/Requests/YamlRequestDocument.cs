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
        try
        {
            var parser = new Parser(new StringReader(text.TrimStart('\uFEFF')));
            var documents = 0;
            while (builder.Failure is null && parser.MoveNext())
                Take(parser.Current!, builder, ref documents);
        }
        catch (YamlException error)
        {
            builder.Fail(new RequestProblem("", (int)error.Start.Line, (int)error.Start.Column, $"broken YAML: {FirstLine(error.Message)}", "valid YAML"));
        }

        return builder.Failure is { } failure
            ? RequestDocument.Unreadable(failure)
            : RequestDocument.Of(builder.Root is null or RequestScalar { IsNull: true } ? RequestMapping.Empty : builder.Root);
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
