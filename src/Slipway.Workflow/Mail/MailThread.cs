using System.Security.Cryptography;
using System.Text;

namespace Slipway.Workflow.Mail;

/// <summary>What keeps the mails of one release together in a mail program.</summary>
public static class MailThread
{
    /// <summary>The message that every mail of a thread answers, which nobody ever sent: the value of <c>In-Reply-To</c> and
    /// <c>References</c>. ASCII, whatever the thread's id is.</summary>
    /// <param name="threadId">The same for all mails of a release.</param>
    /// <param name="sender">The sender's address; its domain is the message's.</param>
    public static string MessageId(string threadId, string sender) =>
        $"<thread-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(threadId)).AsSpan(0, 16))}@{MailAddressForm.DomainOf(MailAddressForm.Check(sender))}>";
}
