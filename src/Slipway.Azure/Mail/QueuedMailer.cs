using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Storage;
using Slipway.Core.Serialization;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Mail;

/// <summary>
/// A mailer that keeps what its service's limits hold back, <c>mail/OPERATION</c>, until <see cref="DrainAsync"/> hands it over, the oldest
/// first. The release asks again for each of its mails meanwhile, and hears that one is waiting, or was accepted; one that nobody has asked for
/// in <see cref="Interest"/> says what is no longer so, and is not sent. What was accepted is remembered here for every process. A mail's words,
/// which can hold an approver's link, are deleted with its acceptance.
/// </summary>
/// <param name="mailer">Hands over.</param>
/// <param name="container">The container of the state.</param>
/// <param name="time">The clock.</param>
public sealed class QueuedMailer(IMailer mailer, BlobContainerClient container, TimeProvider time) : IMailer
{
    private const string Folder = "mail/";
    private const string Queued = "queued";
    private const string Asked = "asked";
    private const string Accepted = "accepted";

    /// <summary>A release asks again at the latest every five minutes.</summary>
    private static readonly TimeSpan Interest = TimeSpan.FromMinutes(11);

    /// <summary>How long what was accepted is remembered: longer than any mail is tried.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(2);

    private readonly BlobPort _port = new("mail queue", time);

    /// <inheritdoc/>
    public bool ConfirmsLater => mailer.ConfirmsLater;

    /// <inheritdoc/>
    public Task<MailDelivery> DeliveryAsync(Guid operationId, CancellationToken cancellation) => mailer.DeliveryAsync(operationId, cancellation);

    /// <summary>Hands one mail over, or keeps it. Throws <see cref="PortUnavailableException"/> when it is not accepted yet; whether it waits
    /// here then is in the message.</summary>
    public async Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        var blob = Blob(mail.OperationId);
        var there = await _port.FindAsync<BlobProperties?>(async () => (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value, null, cancellation);
        if (there is not null)
        {
            if (AcceptedAs(there.Metadata) is { } accepted) return accepted;
            await AskedAgainAsync(blob, there, cancellation);
            throw Waiting(BlobNames.At(there.Metadata, Queued) ?? time.GetUtcNow(), null);
        }

        string details;
        try
        {
            details = await mailer.SendAsync(mail, cancellation);
        }
        catch (PortUnavailableException kept) when (kept.RetryAt is not null)
        {
            var now = time.GetUtcNow();
            var options = new BlobUploadOptions
            {
                Metadata = new Dictionary<string, string> { [Queued] = BlobNames.Mark(now), [Asked] = BlobNames.Mark(now) },
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            };
            await _port.TryAsync(() => blob.UploadAsync(BinaryData.FromObjectAsJson(mail, SlipwayJson.Options), options, cancellation), cancellation);
            throw Waiting(now, kept);
        }

        await RememberAsync(blob, details, cancellation);
        return details;
    }

    /// <summary>Hands over what waits, until the limits hold back again, and forgets what is over. One at a time; returns how many were accepted.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var handed = 0;
        foreach (var (name, marks) in (await AllAsync(cancellation)).OrderBy(entry => BlobNames.At(entry.Marks, Queued)))
        {
            var blob = container.GetBlobClient(name);
            var over = AcceptedAs(marks) is null ? BlobNames.At(marks, Asked) + Interest <= now : BlobNames.At(marks, Queued) + Memory <= now;
            if (over) await _port.TryAsync(() => blob.DeleteAsync(cancellationToken: cancellation), cancellation);
            if (over || AcceptedAs(marks) is not null) continue;
            if (await ReadAsync(blob, cancellation) is not { } mail) continue;
            string details;
            try
            {
                details = await mailer.SendAsync(mail, cancellation);
            }
            catch (PortUnavailableException kept) when (kept.RetryAt is not null || kept.InnerException is not RequestFailedException { Status: >= 400 and < 500 })
            {
                // The limits hold back, or the service does not answer: all of them wait on.
                break;
            }
            catch (PortUnavailableException)
            {
                // The service refuses this one: the release hears the same when it asks, and the others go on.
                await _port.TryAsync(() => blob.DeleteAsync(cancellationToken: cancellation), cancellation);
                continue;
            }

            // Outside of what a refusal of the mail means: where this fails, the mail is handed over again, under the same operation.
            await RememberAsync(blob, details, cancellation);
            handed++;
        }

        return handed;
    }

    private BlobClient Blob(Guid operationId) => container.GetBlobClient($"{Folder}{operationId:N}");

    private static string? AcceptedAs(IDictionary<string, string> marks) => marks.TryGetValue(Accepted, out var text) ? BlobNames.Text(text) : null;

    private static PortUnavailableException Waiting(DateTimeOffset since, PortUnavailableException? kept) => new(
        "mail service",
        string.Create(CultureInfo.InvariantCulture, $"waits in the queue since {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, and goes out as soon as the service's limits allow{(kept is null ? "" : $" ({kept.Message})")}"),
        kept)
    { RetryAt = kept?.RetryAt };

    /// <summary>Nothing waits on this: what is lost makes the mail stale a little early at worst, and the release asks again.</summary>
    private Task<bool> AskedAgainAsync(BlobClient blob, BlobProperties there, CancellationToken cancellation) => _port.TryAsync(
        () => blob.SetMetadataAsync(
            new Dictionary<string, string>(there.Metadata) { [Asked] = BlobNames.Mark(time.GetUtcNow()) },
            new BlobRequestConditions { IfMatch = there.ETag },
            cancellation),
        cancellation);

    private Task RememberAsync(BlobClient blob, string details, CancellationToken cancellation) => _port.CallAsync(
        async () => await blob.UploadAsync(
            BinaryData.Empty,
            new BlobUploadOptions { Metadata = new Dictionary<string, string> { [Queued] = BlobNames.Mark(time.GetUtcNow()), [Accepted] = BlobNames.Part(details) } },
            cancellation),
        cancellation);

    private Task<OutgoingMail?> ReadAsync(BlobClient blob, CancellationToken cancellation) => _port.FindAsync<OutgoingMail?>(
        async () =>
        {
            BlobDownloadResult there = await blob.DownloadContentAsync(cancellation);
            return AcceptedAs(there.Details.Metadata) is null ? there.Content.ToObjectFromJson<OutgoingMail>(SlipwayJson.Options) ?? throw new JsonException($"{blob.Name} is null.") : null;
        },
        null,
        cancellation);

    private Task<List<(string Name, IDictionary<string, string> Marks)>> AllAsync(CancellationToken cancellation) => _port.CallAsync(
        async () =>
        {
            var found = new List<(string, IDictionary<string, string>)>();
            await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = Folder }, cancellation)) found.Add((blob.Name, blob.Metadata));
            return found;
        },
        cancellation);
}
