using Slipway.Core.Approvals;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Tests.Activities;

public sealed class SendMessageTests
{
    private static readonly Guid Operation = new("6f1c2f0e-6f5a-4b2e-9d57-1f2c3a4b5c6d");
    private static readonly WebhookSpec Channel = new("ops channel", new Uri("https://hooks.example.com/1"), WebhookShape.Slack);

    private static readonly MessageFacts Facts = new()
    {
        ReleaseId = "search-index-v2",
        Title = "Streaming search indexer",
        Version = "2.4.0",
        Checkpoint = Checkpoint.Stage,
        Headline = "Stage 1 of 4: 5 % of users",
        Details = "judged until 09:30:00Z",
        Percentage = 5,
        At = SampleRequests.Start,
        Url = "http://127.0.0.1:5080/releases/search-index-v2",
    };

    private readonly Post _post = new();

    private Task<EffectOutput> Send(string? email, WebhookSpec? webhook) =>
        new SendMessage(_post, _post, _post).RunAsync(new MessageInput(Operation, Facts, email, "Support", webhook), TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_mail_has_its_composed_words_its_stable_id_and_the_thread_of_its_release()
    {
        var output = await Send("support@example.com", null);

        Assert.Equal(new EffectOutput(EffectOutcome.Done, "queued as 1"), output);
        Assert.Equal(new OutgoingMail(Operation, "support@example.com", "Support", "subject for Support", "text of Stage 1 of 4: 5 % of users", "html", "search-index-v2"), Assert.Single(_post.Mails));
        Assert.Empty(_post.Hooks);
    }

    [Fact]
    public async Task A_webhook_has_its_shape_and_the_same_key_each_time()
    {
        var output = await Send(null, Channel);
        await Send(null, Channel);

        Assert.Equal(new EffectOutput(EffectOutcome.Done, "accepted by ops channel"), output);
        Assert.Equal(2, _post.Hooks.Count);
        Assert.All(_post.Hooks, hook => Assert.Equal((Channel.Url, "Slack of Stage 1 of 4: 5 % of users", "6f1c2f0e-6f5a-4b2e-9d57-1f2c3a4b5c6d"), hook));
        Assert.Empty(_post.Mails);
    }

    [Fact]
    public async Task A_service_that_is_away_is_an_answer()
    {
        _post.Away = true;

        Assert.Equal(new EffectOutput(EffectOutcome.Failed, "mail: no answer"), await Send("support@example.com", null));
        Assert.Equal(new EffectOutput(EffectOutcome.Failed, "webhook: no answer"), await Send(null, Channel));
    }

    [Fact]
    public async Task Who_is_asked_to_approve_is_asked_all_the_same_when_the_ledger_is_away_and_the_answer_says_what_the_mail_had()
    {
        var keys = new ApprovalKeys([new ApprovalKey("k", new byte[32])]);
        var ask = new ApprovalAsk("http://127.0.0.1:5080", new ApprovalClaim(SampleRequests.Plan().ReleaseId, "g", "ada@example.com", "e", SampleRequests.Start.AddHours(1), "n"));
        var away = new SendMessage(_post, _post, _post, keys, new ReleaseJournal(new AwayLedger(), new InMemorySnapshots()));

        var answer = await away.RunAsync(new MessageInput(Operation, Facts, "ada@example.com", "Ada", null, ask), TestContext.Current.CancellationToken);

        Assert.Equal((EffectOutcome.Done, false), (answer.Outcome, answer.Evidence));
        Assert.Single(_post.Mails);
    }

    private sealed class AwayLedger : ILedger
    {
        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => throw new PortUnavailableException("ledger", "no answer");

        public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => throw new PortUnavailableException("ledger", "no answer");

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) => throw new PortUnavailableException("ledger", "no answer");

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => throw new PortUnavailableException("ledger", "no answer");
    }

    private sealed class Post : IMailer, IWebhook, IMessageComposer
    {
        public List<OutgoingMail> Mails { get; } = [];

        public List<(Uri, string, string)> Hooks { get; } = [];

        public bool Away { get; set; }

        public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
        {
            if (Away) throw new PortUnavailableException("mail", "no answer");
            Mails.Add(mail);
            return Task.FromResult($"queued as {Mails.Count}");
        }

        public Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation)
        {
            if (Away) throw new PortUnavailableException("webhook", "no answer");
            Hooks.Add((url, json, idempotencyKey));
            return Task.CompletedTask;
        }

        public ComposedMail Mail(MessageFacts facts, string recipientName, StartEvidence? evidence = null) => new($"subject for {recipientName}", $"text of {facts.Headline}", "html");

        public string Webhook(MessageFacts facts, WebhookShape shape) => $"{shape} of {facts.Headline}";
    }
}
