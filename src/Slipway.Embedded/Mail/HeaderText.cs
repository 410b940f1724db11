using System.Text;
using Slipway.Workflow.Mail;

namespace Slipway.Embedded.Mail;

/// <summary>
/// Text in a mail header (RFC 5322 and 2047). Whatever comes in, what goes out is printable ASCII whose only line breaks are folds, so a
/// subject or a name cannot add a header.
/// </summary>
internal static class HeaderText
{
    private const int LineLength = 76;

    // A line that holds an encoded word has at most 76 characters. Behind "Subject: " and within 12 of frame, 52 of base64 hold 39 bytes.
    private const int BytesPerWord = 39;

    /// <summary>Free text, such as a subject, folded after a header name of <paramref name="used"/> characters.</summary>
    public static string Unstructured(string text, int used)
    {
        var line = MailLine.Of(text);
        return IsPlain(line) ? Fold(line, used) : EncodedWords(line);
    }

    /// <summary>A mailbox: <c>"Name" &lt;address&gt;</c>, or the address alone.</summary>
    public static string Mailbox(string name, string address)
    {
        var line = MailLine.Of(name);
        if (line.Length == 0) return MailAddressForm.Check(address);
        var shown = IsPlain(line) && line.Length < LineLength
            ? $"\"{line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : EncodedWords(line);
        return $"{shown}\r\n <{MailAddressForm.Check(address)}>";
    }

    // "=?" would be read as the start of an encoded word; a word longer than a line could not be folded.
    private static bool IsPlain(string line) =>
        line.All(character => character is >= ' ' and <= '~')
        && !line.Contains("=?", StringComparison.Ordinal)
        && line.Split(' ').All(word => word.Length is > 0 and < LineLength);

    private static string Fold(string line, int used)
    {
        var folded = new StringBuilder();
        foreach (var word in line.Split(' '))
        {
            if (folded.Length > 0)
            {
                var breaks = used + 1 + word.Length > LineLength;
                folded.Append(breaks ? "\r\n " : " ");
                used = breaks ? 1 : used + 1;
            }

            folded.Append(word);
            used += word.Length;
        }

        return folded.ToString();
    }

    private static string EncodedWords(string line)
    {
        var words = new List<string>();
        var bytes = new List<byte>(BytesPerWord);
        Span<byte> one = stackalloc byte[4];
        foreach (var rune in line.EnumerateRunes())
        {
            // A character is never split over two words: each is decoded on its own.
            var length = rune.EncodeToUtf8(one);
            if (bytes.Count + length > BytesPerWord) Flush();
            bytes.AddRange(one[..length]);
        }

        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
            bytes.Clear();
        }
    }
}
