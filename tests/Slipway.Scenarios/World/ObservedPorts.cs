using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>Shows each append to the monitor before anybody else hears of it.</summary>
internal sealed class ObservedLedger(ILedger inner, InvariantMonitor monitor) : ILedger
{
    public async Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        var creation = await inner.CreateAsync(release, first, cancellation);
        await ShowAsync(release);
        return creation;
    }

    public async Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        var entries = await inner.AppendAsync(release, drafts, cancellation);
        await ShowAsync(release);
        return entries;
    }

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) => inner.ReadAsync(release, after, cancellation);

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    private async Task ShowAsync(ReleaseId release) => monitor.Appended(release, await inner.ReadAsync(release, monitor.SequenceOf(release), default));
}

/// <summary>Shows each write of Slipway's to the monitor when it lands.</summary>
internal sealed class ObservedFlags(IFlagStore inner, InvariantMonitor monitor) : IFlagStore
{
    public Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) => inner.ReadAsync(flag, cancellation);

    public Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public async Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) =>
        Show(await inner.SetExposureAsync(spec, exposure, ifMatch, cancellation));

    public async Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation) =>
        Show(await inner.RestoreAsync(flag, json, ifMatch, cancellation));

    private FlagWrite Show(FlagWrite write)
    {
        if (write is { Written: true, Current: { } flag }) monitor.FlagWritten(flag);
        return write;
    }
}

/// <summary>Shows each write of a configuration key to the monitor when it lands.</summary>
internal sealed class ObservedConfiguration(IConfigurationStore inner, InvariantMonitor monitor) : IConfigurationStore
{
    public Task<ConfigurationValue> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

    public async Task<bool> WriteAsync(string key, string? value, string? ifMatch, CancellationToken cancellation)
    {
        var written = await inner.WriteAsync(key, value, ifMatch, cancellation);
        if (written) monitor.KeyWritten(key, value);
        return written;
    }
}

/// <summary>Shows each call of the pipeline to the monitor.</summary>
internal sealed class ObservedHook(IDeployHook inner, InvariantMonitor monitor) : IDeployHook
{
    public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation)
    {
        monitor.PipelineAsked(call.Key);
        return inner.CallAsync(hook, call, cancellation);
    }

    public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation) => inner.StatusAsync(status, cancellation);
}

/// <summary>Shows each mail to the monitor.</summary>
internal sealed class ObservedMailer(IMailer inner, InvariantMonitor monitor) : IMailer
{
    public bool ConfirmsLater => inner.ConfirmsLater;

    public Task<MailDelivery> DeliveryAsync(Guid operationId, CancellationToken cancellation) => inner.DeliveryAsync(operationId, cancellation);

    public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        monitor.Touched("mail", $"message:{mail.OperationId:D}");
        return inner.SendAsync(mail, cancellation);
    }
}

/// <summary>Shows each webhook call to the monitor.</summary>
internal sealed class ObservedWebhook(IWebhook inner, InvariantMonitor monitor) : IWebhook
{
    public Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation)
    {
        monitor.Touched("webhook", $"message:{idempotencyKey}");
        return inner.PostAsync(url, json, idempotencyKey, cancellation);
    }
}
