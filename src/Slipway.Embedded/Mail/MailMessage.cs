using System.Globalization;
using System.Text;
using Slipway.Workflow.Mail;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Mail;

/// <summary>One mail as RFC 5322 text: <c>multipart/alternative</c> with a text and an HTML part. Pure; pure ASCII; CRLF throughout.</summary>
internal static class MailMessage
{
    public static string Write(OutgoingMail mail, string from, string fromName, DateTimeOffset date)
    {
        var domain = MailAddressForm.DomainOf(MailAddressForm.Check(from));
        var thread = MailThread.MessageId(mail.ThreadId, from);
        // "=_" cannot occur in quoted-printable, so no part can contain the boundary.
        var boundary = $"=_{mail.OperationId:N}";
        var message = new StringBuilder();
        Header("Date", date.ToUniversalTime().ToString("ddd, dd MMM yyyy HH':'mm':'ss '+0000'", CultureInfo.InvariantCulture));
        Header("From", HeaderText.Mailbox(fromName, from));
        Header("To", HeaderText.Mailbox(mail.ToName, mail.To));
        Header("Subject", HeaderText.Unstructured(mail.Subject, "Subject: ".Length));
        Header("Message-ID", $"<{mail.OperationId:N}@{domain}>");
        Header("In-Reply-To", thread);
        Header("References", thread);
        Header("Auto-Submitted", "auto-generated");
        Header("MIME-Version", "1.0");
        Header("Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        message.Append("\r\n");
        Part("text/plain", mail.Text);
        Part("text/html", mail.Html);
        return message.Append("--").Append(boundary).Append("--\r\n").ToString();

        void Header(string name, string value) => message.Append(name).Append(": ").Append(value).Append("\r\n");

        void Part(string type, string content) => message
            .Append("--").Append(boundary).Append("\r\n")
            .Append("Content-Type: ").Append(type).Append("; charset=utf-8\r\n")
            .Append("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
            .Append(QuotedPrintable.Encode(content));
    }
}
