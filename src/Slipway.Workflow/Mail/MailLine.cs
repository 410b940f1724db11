namespace Slipway.Workflow.Mail;

/// <summary>Text that stands on one line of a mail, such as a subject or a name.</summary>
public static class MailLine
{
    /// <summary>The text on one line: a line break, and every other control character, becomes a blank. So it cannot add a header.</summary>
    public static string Of(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(character => char.IsControl(character) ? ' ' : character)).Trim();
}
