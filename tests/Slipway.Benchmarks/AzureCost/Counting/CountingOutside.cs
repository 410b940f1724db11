using System.Text;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Benchmarks.AzureCost.Counting;

/// <summary>Counts questions about telemetry, and remembers when they were asked.</summary>
internal sealed class CountingMetrics(IMetricSource inner, Tally tally, TimeProvider time) : IMetricSource
{
    /// <summary>When observations were asked for.</summary>
    public List<DateTimeOffset> AskedAt { get; } = [];

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        tally.Add("ports.telemetry.query");
        AskedAt.Add(time.GetUtcNow());
        return inner.ReadAsync(watch, from, to, cancellation);
    }

    public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        tally.Add("ports.telemetry.query");
        return inner.ReadCohortAsync(watch, cohort, from, to, cancellation);
    }
}

/// <summary>Counts HTTP checks.</summary>
internal sealed class CountingProbe(IProbe inner, Tally tally) : IProbe
{
    public Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation)
    {
        tally.Add("ports.probe.get");
        return inner.GetAsync(url, timeout, cancellation);
    }
}

/// <summary>Counts calls of the pipeline.</summary>
internal sealed class CountingHook(IDeployHook inner, Tally tally) : IDeployHook
{
    public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation)
    {
        tally.Add("ports.hook.call");
        return inner.CallAsync(hook, call, cancellation);
    }

    public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation)
    {
        tally.Add("ports.hook.status");
        return inner.StatusAsync(status, cancellation);
    }
}

/// <summary>Counts mails, and the questions what became of them, which Communication Services makes necessary.</summary>
internal sealed class CountingMailer(IMailer inner, Tally tally) : IMailer
{
    public bool ConfirmsLater => true;

    public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        tally.Add("ports.mail.send");
        tally.Add("bytes.mail", Encoding.UTF8.GetByteCount(mail.Subject + mail.Text + mail.Html));
        return inner.SendAsync(mail, cancellation);
    }

    public Task<MailDelivery> DeliveryAsync(Guid operationId, CancellationToken cancellation)
    {
        tally.Add("ports.mail.status");
        return Task.FromResult(new MailDelivery(MailProgress.Delivered, ""));
    }
}

/// <summary>Counts posts to webhooks.</summary>
internal sealed class CountingWebhook(IWebhook inner, Tally tally) : IWebhook
{
    public Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation)
    {
        tally.Add("ports.webhook.post");
        return inner.PostAsync(url, json, idempotencyKey, cancellation);
    }
}

/// <summary>Counts what the sweeper and handlers ask of the engine.</summary>
internal sealed class CountingClient(Func<IReleaseClient> inner, Tally tally) : IReleaseClient
{
    public Task ScheduleAsync(ReleaseId release, CancellationToken cancellation) => Count("schedule", inner().ScheduleAsync(release, cancellation));

    public Task WakeAsync(ReleaseId release, CancellationToken cancellation) => Count("wake", inner().WakeAsync(release, cancellation));

    public Task RescueAsync(ReleaseId release, CancellationToken cancellation) => Count("schedule", inner().RescueAsync(release, cancellation));

    public Task AftercareAsync(ReleaseId release, CancellationToken cancellation) => Count("schedule", inner().AftercareAsync(release, cancellation));

    public Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation)
    {
        tally.Add("ports.engine.health");
        return inner().HealthAsync(release, cancellation);
    }

    private Task Count(string call, Task answer)
    {
        tally.Add($"ports.engine.{call}");
        return answer;
    }
}
