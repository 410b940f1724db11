using Azure.Communication.Email;
using Slipway.Workflow.Mail;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Mail;

/// <summary>A mail in the service's words. Pure.</summary>
internal static class AcsMessage
{
    /// <summary>The message; throws <see cref="FormatException"/> when the recipient is not a mail address.</summary>
    public static EmailMessage Of(OutgoingMail mail, string sender, string replyTo)
    {
        var recipient = new EmailAddress(MailAddressForm.Check(mail.To), MailLine.Of(mail.ToName));
        var content = new EmailContent(MailLine.Of(mail.Subject)) { PlainText = mail.Text, Html = mail.Html };
        var message = new EmailMessage(sender, new EmailRecipients([recipient]), content);
        var thread = MailThread.MessageId(mail.ThreadId, sender);
        message.Headers["In-Reply-To"] = thread;
        message.Headers["References"] = thread;
        message.Headers["Auto-Submitted"] = "auto-generated";
        if (replyTo.Length > 0) message.ReplyTo.Add(new EmailAddress(replyTo));
        return message;
    }
}
