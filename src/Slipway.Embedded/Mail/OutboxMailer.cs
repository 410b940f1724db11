using System.Text;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Mail;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Mail;

/// <summary>
/// Writes each mail as <c>OPERATIONID.eml</c> into a folder, from where any mail program opens it and any relay can send it. A file
/// appears complete or not at all, and once: the same operation id again changes nothing, whatever the mail says then. Folder and files are their
/// owner's alone: a mail holds the approval link of somebody else.
/// </summary>
public sealed class OutboxMailer : IMailer
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly string _from;
    private readonly string _fromName;

    /// <summary>Opens the outbox; the folder is made at the first mail.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="time">Dates the mails.</param>
    /// <param name="from">The sender's address; throws <see cref="FormatException"/> when it is not one.</param>
    /// <param name="fromName">The sender's name; may be empty.</param>
    public OutboxMailer(string folder, TimeProvider time, string from = "slipway@localhost", string fromName = "Slipway")
    {
        _folder = Path.GetFullPath(folder);
        _time = time;
        _from = MailAddressForm.Check(from);
        _fromName = fromName;
    }

    /// <summary>The full path of the folder.</summary>
    public string Folder => _folder;

    /// <summary>
    /// Writes the mail and returns the file's full path. Throws <see cref="FormatException"/> when the recipient is not a mail address,
    /// <see cref="PortUnavailableException"/> when the folder cannot be written.
    /// </summary>
    public async Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        var target = Path.Combine(_folder, $"{mail.OperationId:D}.eml");
        var message = MailMessage.Write(mail, _from, _fromName, _time.GetUtcNow());
        try
        {
            if (!File.Exists(target)) await PlaceAsync(message, target, cancellation);
            return target;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PortUnavailableException("outbox", error.Message, error);
        }
    }

    private async Task PlaceAsync(string message, string target, CancellationToken cancellation)
    {
        PrivateFiles.CreateFolder(_folder);
        var draft = Path.Combine(_folder, $".{Path.GetRandomFileName()}.draft");
        try
        {
            await using (var file = PrivateFiles.CreateFile(draft))
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(message), cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: false);
        }
        catch (IOException) when (File.Exists(target))
        {
            // The same mail was placed meanwhile: that one stays.
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
