using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Policy;
using Slipway.Functions.Durable;
using Slipway.Web.Api;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Functions.Composition;

/// <summary>
/// The application over its adapters. What needs the task hub is made for each call, because the platform hands its client to each call.
/// </summary>
public sealed class SlipwayApp
{
    private readonly SlipwayAdapters _adapters;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiDispatcher> _log;
    private readonly ReleaseJournal _journal;
    private readonly RequestBudgets _budgets;
    private readonly SweepMemory _sweeps = new();

    /// <summary>Composes the application.</summary>
    public SlipwayApp(SlipwayAdapters adapters, TimeProvider time, ILogger<ApiDispatcher> log)
    {
        (_adapters, _time, _log) = (adapters, time, log);
        _budgets = new RequestBudgets(Settings(adapters.Policy()), time);
        _journal = new ReleaseJournal(adapters.Ports.Ledger, adapters.Ports.Snapshots, time: time);
        Module = new DurableModule(ReleaseModule.Register(new WorkflowRegistry(), adapters.Ports, _journal, new EvidenceJudge()));
    }

    /// <summary>The workflows and activities.</summary>
    public DurableModule Module { get; }

    /// <summary>Starts, reads and commands releases.</summary>
    public ReleaseDesk Desk(DurableTaskClient client) => Desk(client, _adapters.Policy());

    private ReleaseDesk Desk(DurableTaskClient client, ServerPolicy policy) => new(
        _journal,
        _adapters.Ports.Snapshots,
        new DurableReleaseClient(client),
        _adapters.Ports.Flags,
        _time,
        new ReleaseDeskOptions { BaseUrl = _adapters.BaseUrl, Policy = policy, ApprovalKeys = _adapters.Ports.ApprovalKeys, Telemetry = _adapters.Source, Workspace = _adapters.Workspace });

    /// <summary>Answers HTTP requests.</summary>
    public ApiDispatcher Dispatcher(DurableTaskClient client)
    {
        // One policy for the whole answer: what it lets somebody do is asked of the very policy that made them an operator.
        var policy = _adapters.Policy();
        return new ApiDispatcher(Services(client, policy), _log);
    }

    private ApiSettings Settings(ServerPolicy policy) => new() { Hosts = _adapters.Hosts, Policy = policy };

    private ApiServices Services(DurableTaskClient client, ServerPolicy policy) => new()
    {
        Desk = Desk(client, policy),
        Freezes = new FreezeDesk(_adapters.Ports.Freezes, _journal, _adapters.Ports.Snapshots, new DurableReleaseClient(client), _time),
        Locks = Locks(client),
        Flags = _adapters.Ports.Flags,
        FlagCreator = _adapters.FlagCreator,
        Telemetry = _adapters.Telemetry,
        Health = _adapters.Health,
        Access = _adapters.Access(policy),
        Pages = _adapters.Pages,
        Settings = Settings(policy),
        Budgets = _budgets,
        ClientAddress = _adapters.ClientAddress,
        Time = _time,
    };

    /// <summary>Hands over mails that the service's limits held back; returns how many.</summary>
    public Task<int> DrainMailAsync(CancellationToken cancellation) => _adapters.DrainMail is { } drain ? drain(cancellation) : Task.FromResult(0);

    /// <summary>Keeps releases that are over and purges their instances; null where nothing is purged.</summary>
    public ReleaseRetention? Retention(DurableTaskClient client) => _adapters.Archive is { } archive
        ? new ReleaseRetention(_journal, _adapters.Ports.Snapshots, archive, new DurableReleaseClient(client), _time, _adapters.KeepInstances)
        : null;

    /// <summary>Repairs what lost signals leave behind.</summary>
    public ReleaseSweeper Sweeper(DurableTaskClient client) =>
        new(_journal, _adapters.Ports.Snapshots, _adapters.Ports.Freezes, Locks(client), new DurableReleaseClient(client), _time, _sweeps);

    private LockDesk Locks(DurableTaskClient client) => new(_adapters.Ports.Locks, _journal, new DurableReleaseClient(client), _time);
}
