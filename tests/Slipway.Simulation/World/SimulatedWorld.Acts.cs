using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.World;
using Slipway.Scenarios.World;
using Slipway.Simulation.Cases;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Simulation.World;

/// <summary>What people, and the world around, do.</summary>
internal sealed partial class SimulatedWorld
{
    private static readonly TimeSpan SendsAgainAfter = TimeSpan.FromSeconds(30);

    private async Task StartAsync(SimulatedRelease release)
    {
        var request = release.Request;
        var plan = Planner.Draft(request);
        Fleets.Serve(request, release, RandomStream.KeyOf(_case.Key, 2 + Fleets.Count));
        foreach (var flag in plan.Flags)
        {
            if (await Flags.ReadAsync(flag.Key, default) is null) await Flags.CreateAsync(flag.Key, "", default);
        }

        foreach (var key in request.Rollback?.Configuration ?? [])
        {
            if (await Configuration.ReadAsync(key, default) is not { Value: null }) continue;
            await Configuration.WriteAsync(key, "batch", null, default);
            Monitor.KeyChanged(key, "batch");
        }

        StartOutcome outcome;
        try
        {
            outcome = await Process.Desk.StartAsync(request, Requests.Dana, default);
        }
        catch (Exception failure) when (failure is PortUnavailableException or ProcessDiedException)
        {
            // Whoever gets no answer sends the same again.
            Later(SendsAgainAfter, () => StartAsync(release));
            throw;
        }

        if (outcome is StartOutcome.Started) return;
        Refused++;
        Refusals.Add(outcome switch
        {
            StartOutcome.Refused refused => string.Join("; ", refused.Problems),
            StartOutcome.Insufficient insufficient => $"missing: {string.Join(", ", insufficient.Context.Missing)}",
            _ => outcome.ToString(),
        });
    }

    private async Task ActAsync(Incident incident)
    {
        if (Ledgers.Releases.Skip(incident.Release).FirstOrDefault() is var release && release == default) return;
        switch (incident.Kind)
        {
            case IncidentKind.Command:
                Director.Happens(incident);
                await _people.CommandAsync(release, incident.Command, "somebody wants it");
                break;
            case IncidentKind.Drift:
                await DriftAsync(release, incident);
                break;
            case IncidentKind.KeyDrift:
                await ChangeKeysAsync(release, incident);
                break;
            case IncidentKind.Report:
                Director.Happens(incident);
                await _people.ReportAsync(release, incident.Signal, incident.Count);
                break;
            case IncidentKind.Unlock:
                if ((await Process.LockDesk.ListAsync(default)).FirstOrDefault(held => held.Holder == release) is not { } held) break;
                if (await Process.LockDesk.UnlockAsync(held.Resource, Requests.Dana, "it is stuck", incident.Count > 0, default) is UnlockOutcome.Done) Director.Happens(incident);
                break;
            case IncidentKind.Freeze:
                Director.Happens(incident);
                await Process.FreezeDesk.RaiseAsync($"f{_orders++}", Requests.Dana, "frozen", Time.GetUtcNow() + incident.For, default);
                break;
            case IncidentKind.Retry:
                if (await Process.Desk.RetryAsync(release, Requests.Dana, "again", default) is RetryOutcome.Started) Director.Happens(incident);
                break;
            case IncidentKind.Suspended:
                Director.Happens(incident);
                Time.Advance(incident.For);
                break;
            case IncidentKind.DiskFull:
                Director.Happens(incident);
                await FillDiskAsync(full: true);
                Later(incident.For, () => FillDiskAsync(full: false));
                break;
        }
    }

    private async Task DriftAsync(ReleaseId release, Incident incident)
    {
        var state = ReleaseState.Fold(Ledgers.EntriesOf(release));
        var store = Flags.As(Running.OutsideRecords.Someone);
        if (state.IsTerminal || state.Plan.Flags is not [var flag, ..] || await store.ReadAsync(flag.Key, default) is not { } current) return;
        Director.Happens(incident);
        await store.SetExposureAsync(flag, new Percentage(incident.Exposure), current.ETag, default);
    }

    /// <summary>A deployment, or a person, changes the keys that level 2 brings back.</summary>
    private async Task ChangeKeysAsync(ReleaseId release, Incident incident)
    {
        var state = ReleaseState.Fold(Ledgers.EntriesOf(release));
        foreach (var key in state.IsTerminal ? [] : state.Request.Rollback?.Configuration ?? [])
        {
            var value = $"stream-{_orders++}";
            if (!await Configuration.WriteAsync(key, value, (await Configuration.ReadAsync(key, default)).ETag, default)) continue;
            Director.Happens(incident);
            Monitor.KeyChanged(key, value);
        }
    }

    /// <summary>How often the disk is full now: it has room again when the last of them is over.</summary>
    private int _fillings;

    /// <summary>One disk for all that the embedded host keeps, as it keeps it in one file.</summary>
    private Task FillDiskAsync(bool full)
    {
        _fillings += full ? 1 : -1;
        full = _fillings > 0;
        Ledgers.DiskIsFull = full;
        return Database.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = full ? "PRAGMA max_page_count = 1" : "PRAGMA max_page_count = 1073741823";
            return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        });
    }
}
