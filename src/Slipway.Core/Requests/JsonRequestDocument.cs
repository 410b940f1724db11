using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core.Serialization;

namespace Slipway.Core.Requests;

/// <summary>Reads JSON into a <see cref="RequestNode"/> tree. Never throws at what a file says; the first error ends the reading.</summary>
public static class JsonRequestDocument
{
    /// <summary>Reads JSON text. Empty text reads as an empty mapping.</summary>
    public static RequestDocument Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads JSON as UTF-8 bytes, with or without a byte order mark. Empty input reads as an empty mapping.</summary>
    public static RequestDocument Parse(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        if (utf8.Length > RequestLimits.MaxBytes)
            return RequestDocument.Unreadable(TooLarge(utf8.Length));
        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
            return RequestDocument.Of(RequestMapping.Empty);
        var builder = new RequestTreeBuilder();
        var position = new Position(utf8);
        try
        {
            // The reader's own depth limit lies above ours, so that too deep a file gets our words.
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = RequestLimits.MaxDepth + 8 });
            while (builder.Failure is null && reader.Read())
                Take(ref reader, builder, ref position);
        }
        catch (JsonException error)
        {
            builder.Fail(Broken(error));
        }
        catch (InvalidOperationException)
        {
            // GetString on a string whose escapes or bytes are not Unicode text.
            builder.Fail(new RequestProblem("", position.Line, position.Column, "text that is not valid Unicode", "valid UTF-8 JSON text"));
        }

        return builder.Failure is null ? RequestDocument.Of(builder.Root!) : RequestDocument.Unreadable(builder.Failure);
    }

    internal static RequestProblem TooLarge(long bytes) => new(
        "", 1, 1, string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        string.Create(CultureInfo.InvariantCulture, $"at most {RequestLimits.MaxBytes} bytes"));

    private static void Take(ref Utf8JsonReader reader, RequestTreeBuilder builder, ref Position position)
    {
        position.MoveTo((int)reader.TokenStartIndex);
        var (line, column) = (position.Line, position.Column);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                builder.BeginMapping(line, column);
                break;
            case JsonTokenType.StartArray:
                builder.BeginSequence(line, column);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                builder.End();
                break;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                builder.Scalar(reader.GetString()!, quoted: true, line, column);
                break;
            default:
                builder.Scalar(Encoding.UTF8.GetString(reader.ValueSpan), quoted: false, line, column);
                break;
        }
    }

    // The reader counts from 0.
    private static RequestProblem Broken(JsonException error) => new(
        "", (int)(error.LineNumber ?? 0) + 1, (int)(error.BytePositionInLine ?? 0) + 1, $"broken JSON: {JsonSyntax.Describe(error)}", "valid JSON");

    /// <summary>Line and column of a byte offset; only moves forward, so that a whole file costs one pass.</summary>
    private ref struct Position(ReadOnlySpan<byte> utf8)
    {
        private readonly ReadOnlySpan<byte> _utf8 = utf8;
        private int _offset;

        public int Line { get; private set; } = 1;

        public int Column { get; private set; } = 1;

        public void MoveTo(int offset)
        {
            for (; _offset < offset; _offset++)
            {
                if (_utf8[_offset] == (byte)'\n')
                    (Line, Column) = (Line + 1, 1);
                else if ((_utf8[_offset] & 0xC0) != 0x80)
                    Column++;
            }
        }
    }
}
