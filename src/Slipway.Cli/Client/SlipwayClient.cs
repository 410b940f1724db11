using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Slipway.Core.Approvals;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Web.Api;
using Slipway.Web.Pages.Handlers;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Cli.Client;

/// <summary>Slipway's HTTP API, typed. Expected failures are values; only cancellation and bugs throw.</summary>
public sealed class SlipwayClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _server;

    /// <summary>Connects to a server; nothing is sent yet.</summary>
    /// <param name="address">Where, and with which token.</param>
    /// <param name="handler">Carries the requests; disposed with the client.</param>
    public SlipwayClient(ServerAddress address, HttpMessageHandler handler)
    {
        _server = address.Url;
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri(address.Url.GetLeftPart(UriPartial.Authority)),
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (address.Token is { } token && AuthenticationHeaderValue.TryParse($"Bearer {token}", out var bearer))
            _http.DefaultRequestHeaders.Authorization = bearer;
    }

    /// <summary>Starts a release from a request document.</summary>
    public Task<Answer<StartReceipt>> StartAsync(byte[] document, string mediaType, CancellationToken cancellation) => StartAsync(document, mediaType, null, cancellation);

    /// <summary>The same, with the rehearsal that was made of it.</summary>
    /// <param name="document">The request.</param>
    /// <param name="mediaType">Its form.</param>
    /// <param name="rehearsal">Its rehearsal; null: there is none.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public Task<Answer<StartReceipt>> StartAsync(byte[] document, string mediaType, RehearsalProof? rehearsal, CancellationToken cancellation)
    {
        var post = Post("/api/releases", document, mediaType);
        if (rehearsal is not null) post.Headers.TryAddWithoutValidation(RehearsalHeader.Name, RehearsalHeader.Write(rehearsal));
        return SendAsync<StartReceipt>(post, cancellation);
    }

    /// <summary>Has the server check a request document; the answer's JSON as it came. Nothing is started.</summary>
    public Task<Answer<string>> CheckAsync(byte[] document, string mediaType, CancellationToken cancellation) =>
        SendTextAsync(Post("/api/releases/validate", document, mediaType), cancellation);

    /// <summary>One page of releases, newest start first.</summary>
    public Task<Answer<ReleasePage>> ListAsync(int skip, int take, CancellationToken cancellation) =>
        SendAsync<ReleasePage>(Get(string.Create(CultureInfo.InvariantCulture, $"/api/releases?skip={skip}&take={take}")), cancellation);

    /// <summary>Where a release stands.</summary>
    public Task<Answer<ReleaseSummary>> SummaryAsync(ReleaseId release, CancellationToken cancellation) =>
        SendAsync<ReleaseSummary>(Get($"/api/releases/{release.Value}/summary"), cancellation);

    /// <summary>What it would take to promote a release now.</summary>
    public Task<Answer<PromotionOutlook>> OutlookAsync(ReleaseId release, CancellationToken cancellation) =>
        SendAsync<PromotionOutlook>(Get($"/api/releases/{release.Value}/outlook"), cancellation);

    /// <summary>The report: the contract object's JSON exactly as the server sent it.</summary>
    public Task<Answer<string>> ReportAsync(ReleaseId release, CancellationToken cancellation) =>
        SendTextAsync(Get($"/api/releases/{release.Value}"), cancellation);

    /// <summary>Ledger entries behind a sequence.</summary>
    public async Task<Answer<IReadOnlyList<LedgerEntry>>> LedgerAsync(ReleaseId release, long after, CancellationToken cancellation)
    {
        var lines = await SendTextAsync(Get(string.Create(CultureInfo.InvariantCulture, $"/api/releases/{release.Value}/ledger?after={after}")), cancellation);
        try
        {
            return lines.Select(text => LedgerLines.ReadAll(text.Split('\n')));
        }
        catch (FormatException exception)
        {
            return new Answer<IReadOnlyList<LedgerEntry>>.Failed(ServerErrors.NotSlipway(_server, exception.Message));
        }
    }

    /// <summary>Gives a command; the answer says that it is recorded, not that it is carried out.</summary>
    public Task<Answer<CommandReceipt>> CommandAsync(ReleaseId release, ReleaseCommand command, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = command.Id,
                kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(command.Kind.ToString()),
                reason = command.Reason,
                duration = command.Duration is { } duration ? DurationText.Format(duration) : null,
            },
            SlipwayJson.Options);
        return SendAsync<CommandReceipt>(Post($"/api/releases/{release.Value}/commands", body, "application/json"), cancellation);
    }

    /// <summary>Reports something; the answer says that it is recorded, not what it causes.</summary>
    public Task<Answer<CommandReceipt>> ReportAsync(ReleaseId release, ReleaseSignal signal, CancellationToken cancellation)
    {
        var members = new Dictionary<string, object> { ["id"] = signal.Id, ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(signal.Kind.ToString()), ["text"] = signal.Text };
        if (signal.Kind == ReleaseSignalKind.Complaints) members["count"] = signal.Count;
        if (signal.Task is { } task) members["task"] = task;
        if (signal.Severity is { } severity) members["severity"] = severity.ToString().ToLowerInvariant();
        return SignalAsync(release, members, cancellation);
    }

    /// <summary>Answers an evaluation; the answer says that it is recorded, not that it counts.</summary>
    public Task<Answer<CommandReceipt>> AnswerAsync(ReleaseId release, EvaluationAnswer answer, CancellationToken cancellation) => SignalAsync(
        release,
        new Dictionary<string, object>
        {
            ["id"] = answer.Id,
            ["kind"] = "answer",
            ["evaluation"] = answer.Evaluation,
            ["verdict"] = answer.Verdict.ToString().ToLowerInvariant(),
            ["text"] = answer.Comment,
        },
        cancellation);

    /// <summary>What an approval link asks; changes nothing.</summary>
    public Task<Answer<ApprovalView>> ApprovalAsync(string token, CancellationToken cancellation) =>
        SendAsync<ApprovalView>(Get($"/approvals/{Uri.EscapeDataString(token)}"), cancellation);

    /// <summary>Decides by an approval link; the answer says that it is recorded, not that it counts.</summary>
    public Task<Answer<DecisionReceipt>> DecideAsync(string token, ApprovalChoice choice, string comment, string confirm, CancellationToken cancellation) =>
        SendAsync<DecisionReceipt>(
            Post(
                $"/approvals/{Uri.EscapeDataString(token)}",
                JsonSerializer.SerializeToUtf8Bytes(new { decision = choice, comment, confirm }, SlipwayJson.Options),
                "application/json"),
            cancellation);

    /// <summary>All flags; with a label those of that label alone (the empty one: those without a label).</summary>
    public Task<Answer<FlagList>> FlagsAsync(string? label, CancellationToken cancellation) =>
        SendAsync<FlagList>(Get(label is null ? "/flags" : $"/flags?label={Uri.EscapeDataString(label)}"), cancellation);

    /// <summary>Creates a flag that is off; the value says whether it is new.</summary>
    public async Task<Answer<(bool Created, FlagItem Flag)>> CreateFlagAsync(FlagKey flag, CancellationToken cancellation)
    {
        using var request = Post($"/flags/{Uri.EscapeDataString(flag.Name)}{(flag.Label.Length == 0 ? "" : $"?label={Uri.EscapeDataString(flag.Label)}")}", [], "application/json");
        var created = false;
        var answer = await SendAsync(
            request,
            response =>
            {
                created = response.StatusCode == HttpStatusCode.Created;
                return TextAsync(response, cancellation);
            },
            cancellation);
        return answer switch
        {
            Answer<string>.Got got => Parse<FlagItem>(got.Value).Select(flag => (created, flag)),
            Answer<string>.Failed failed => new Answer<(bool, FlagItem)>.Failed(failed.Error),
            _ => throw new InvalidOperationException("An answer is a value or an error."),
        };
    }

    /// <summary>Tries a release again that was rolled back or failed.</summary>
    public Task<Answer<RetryReceipt>> RetryAsync(ReleaseId release, string reason, CancellationToken cancellation) =>
        SendAsync<RetryReceipt>(
            Post($"/api/releases/{release.Value}/retry", JsonSerializer.SerializeToUtf8Bytes(new { reason }, SlipwayJson.Options), "application/json"), cancellation);

    /// <summary>The freezes of the server.</summary>
    public Task<Answer<FreezeStatus>> FreezesAsync(CancellationToken cancellation) => SendAsync<FreezeStatus>(Get("/api/freezes"), cancellation);

    /// <summary>Freezes every release of the server.</summary>
    public Task<Answer<FleetFreeze>> FreezeAsync(string id, string reason, DateTimeOffset? until, CancellationToken cancellation) =>
        SendAsync<FleetFreeze>(Post("/api/freezes", JsonSerializer.SerializeToUtf8Bytes(new { id, reason, until }, SlipwayJson.Options), "application/json"), cancellation);

    /// <summary>Lifts every freeze that is in force.</summary>
    public Task<Answer<LiftReceipt>> LiftAsync(string reason, CancellationToken cancellation) =>
        SendAsync<LiftReceipt>(Post("/api/freezes/lift", JsonSerializer.SerializeToUtf8Bytes(new { reason }, SlipwayJson.Options), "application/json"), cancellation);

    /// <summary>All locks.</summary>
    public Task<Answer<LockList>> LocksAsync(CancellationToken cancellation) => SendAsync<LockList>(Get("/api/locks"), cancellation);

    /// <summary>Takes a lock away from its holder.</summary>
    public Task<Answer<UnlockReceipt>> UnlockAsync(string resource, string reason, bool force, CancellationToken cancellation) =>
        SendAsync<UnlockReceipt>(
            Post("/api/locks/unlock", JsonSerializer.SerializeToUtf8Bytes(new { resource, reason, force }, SlipwayJson.Options), "application/json"), cancellation);

    /// <summary>A link that signs a browser in once.</summary>
    public Task<Answer<SignInReceipt>> SignInLinkAsync(string path, CancellationToken cancellation) =>
        SendAsync<SignInReceipt>(Post($"/api/sign-in-links?return={Uri.EscapeDataString(path)}", [], "application/json"), cancellation);

    /// <summary>The address of a path on the server.</summary>
    public string UrlOf(string path) => new Uri(_server, path).AbsoluteUri;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<Answer<CommandReceipt>> SignalAsync(ReleaseId release, Dictionary<string, object> members, CancellationToken cancellation) => SendAsync<CommandReceipt>(
        Post($"/api/releases/{release.Value}/signals", JsonSerializer.SerializeToUtf8Bytes(members, SlipwayJson.Options), "application/json"), cancellation);

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static HttpRequestMessage Post(string path, byte[] body, string mediaType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    private async Task<Answer<T>> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellation) =>
        await SendTextAsync(request, cancellation) switch
        {
            Answer<string>.Got got => Parse<T>(got.Value),
            Answer<string>.Failed failed => new Answer<T>.Failed(failed.Error),
            _ => throw new InvalidOperationException("An answer is a value or an error."),
        };

    private async Task<Answer<string>> SendTextAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
            return await SendAsync(request, response => TextAsync(response, cancellation), cancellation);
    }

    private async Task<Answer<T>> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.IsSuccessStatusCode
                ? new Answer<T>.Got(await read(response))
                : new Answer<T>.Failed(ServerErrors.Of(_server, response, await TextAsync(response, cancellation)));
        }
        catch (HttpRequestException exception)
        {
            return new Answer<T>.Failed(ServerErrors.Unreachable(_server, exception.InnerException?.Message ?? exception.Message));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // A server that dies right behind its accept: the runtime asks the connection for its other end, outside of what it wraps.
            return new Answer<T>.Failed(ServerErrors.Unreachable(_server, exception.Message));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Answer<T>.Failed(ServerErrors.Unreachable(_server, "no answer within 30 s"));
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation));

    private Answer<T> Parse<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, SlipwayJson.Options) is { } value
                ? new Answer<T>.Got(value)
                : new Answer<T>.Failed(ServerErrors.NotSlipway(_server, "the answer is empty"));
        }
        catch (JsonException exception)
        {
            return new Answer<T>.Failed(ServerErrors.NotSlipway(_server, exception.Message));
        }
    }
}
