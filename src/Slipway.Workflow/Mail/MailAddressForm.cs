using System.Text.RegularExpressions;

namespace Slipway.Workflow.Mail;

/// <summary>The addresses that may stand in a header: plain ASCII, one <c>@</c>, nothing that a header could mistake for structure.</summary>
public static partial class MailAddressForm
{
    private const string Word = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";

    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";

    /// <summary>The address as given; throws <see cref="FormatException"/> on anything else.</summary>
    public static string Check(string address) => address.Length <= 254 && Form().IsMatch(address)
        ? address
        : throw new FormatException($"'{MailLine.Of(address)}' is not a mail address: expected ASCII such as dana@example.com.");

    /// <summary>What stands behind the <c>@</c> of an address.</summary>
    public static string DomainOf(string address) => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];

    [GeneratedRegex($@"\A{Word}(?:\.{Word})*@{Label}(?:\.{Label})*\z")]
    private static partial Regex Form();
}
