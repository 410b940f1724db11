using System.Text;

namespace Slipway.Embedded.Mail;

/// <summary>Quoted-printable (RFC 2045): UTF-8 text as lines of at most 76 ASCII characters that people can still read.</summary>
internal static class QuotedPrintable
{
    private const int LineLength = 76;

    /// <summary>Encodes a text; its line breaks, of whatever kind, become CRLF.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + (text.Length / 8));
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n')) EncodeLine(Encoding.UTF8.GetBytes(line), encoded);
        return encoded.ToString();
    }

    private static void EncodeLine(byte[] line, StringBuilder encoded)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var character = (char)line[i];
            var last = i == line.Length - 1;
            // White space at the end of a line gets lost on the way, and a lone dot would end the mail in SMTP.
            var plain = character is >= '!' and <= '~' and not '=' ? !(character == '.' && column == 0) : character is ' ' or '\t' && !last;
            var width = plain ? 1 : 3;
            if (column + width > (last ? LineLength : LineLength - 1))
            {
                encoded.Append("=\r\n");
                column = 0;
                plain &= character is not ('.' or ' ' or '\t');
                width = plain ? 1 : 3;
            }

            if (plain) encoded.Append(character);
            else encoded.Append('=').Append(line[i].ToString("X2", null));
            column += width;
        }

        encoded.Append("\r\n");
    }
}
