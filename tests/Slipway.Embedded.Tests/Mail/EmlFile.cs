using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Embedded.Tests.Mail;

/// <summary>A mail file read by hand, as a mail program reads it.</summary>
internal sealed partial class EmlFile
{
    private readonly List<(string Name, string Value)> _headers;

    public EmlFile(string path, string raw)
    {
        (Path, Raw) = (path, raw);
        Assert.DoesNotMatch("(?<!\r)\n|\r(?!\n)", raw);
        (_headers, var body) = Split(raw);
        var type = Header("Content-Type");
        Assert.StartsWith("multipart/alternative;", type, StringComparison.Ordinal);
        var boundary = type.Split('"')[1];
        var sections = $"\r\n{body}".Split($"\r\n--{boundary}");
        Assert.Equal("--\r\n", sections[^1]);
        Parts = [.. sections[1..^1].Select(section => Part(section[2..]))];
    }

    public string Path { get; }

    public string Raw { get; }

    public IReadOnlyList<(string ContentType, string Content)> Parts { get; }

    public IEnumerable<string> HeaderNames => _headers.Select(header => header.Name);

    public string Header(string name) => Assert.Single(_headers, header => header.Name == name).Value;

    /// <summary>Encoded words turned back into text (RFC 2047): the blank between two of them does not count.</summary>
    public static string Decode(string header)
    {
        Assert.All(EncodedWord().Matches(header), word => Assert.InRange(word.Length, 1, 75));
        return EncodedWord().Replace(
            Between().Replace(header, "?==?"), word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));
    }

    private static (List<(string Name, string Value)> Headers, string Body) Split(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var unfolded = text[..end].Replace("\r\n ", " ", StringComparison.Ordinal);
        return ([.. unfolded.Split("\r\n").Select(line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]))], text[(end + 4)..]);
    }

    private static (string, string) Part(string section)
    {
        var (headers, body) = Split(section);
        Assert.Contains(("Content-Transfer-Encoding", "quoted-printable"), headers);
        var bytes = new List<byte>();
        var joined = body.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < joined.Length; i++)
        {
            if (joined[i] != '=') bytes.Add((byte)joined[i]);
            else bytes.Add(byte.Parse(joined.AsSpan((i += 2) - 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return (headers.Single(header => header.Name == "Content-Type").Value, Encoding.UTF8.GetString([.. bytes]));
    }

    [GeneratedRegex(@"=\?utf-8\?B\?([A-Za-z0-9+/=]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=\s+=\?")]
    private static partial Regex Between();
}
