using System.Text;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Benchmarks.AzureCost.Counting;

/// <summary>Counts what is asked of ledgers, and their bytes.</summary>
internal sealed class CountingLedger(ILedger inner, Tally tally) : ILedger
{
    public async Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        tally.Add("ports.ledger.create");
        var creation = await inner.CreateAsync(release, first, cancellation);
        Written(await inner.ReadAsync(release, 0, cancellation));
        return creation;
    }

    public async Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        tally.Add("ports.ledger.append");
        var entries = await inner.AppendAsync(release, drafts, cancellation);
        Written(entries);
        return entries;
    }

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation)
    {
        tally.Add("ports.ledger.read");
        return inner.ReadAsync(release, after, cancellation);
    }

    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation)
    {
        tally.Add("ports.ledger.list");
        return inner.ListAsync(cancellation);
    }

    private void Written(IReadOnlyList<LedgerEntry> entries)
    {
        tally.Add("ledger.entries", entries.Count);
        tally.Add("bytes.ledger", Encoding.UTF8.GetByteCount(LedgerLines.WriteAll(entries)));
    }
}

/// <summary>Counts published reports and summaries, and their bytes.</summary>
internal sealed class CountingSnapshots(IReleaseSnapshots inner, Tally tally) : IReleaseSnapshots
{
    public Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation)
    {
        tally.Add("ports.snapshots.put");
        tally.Add("bytes.snapshots", Encoding.UTF8.GetByteCount(snapshot.ReportJson));
        return inner.PutAsync(snapshot, cancellation);
    }

    public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation)
    {
        tally.Add("ports.snapshots.get");
        return inner.GetAsync(release, cancellation);
    }

    public Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation)
    {
        tally.Add("ports.snapshots.list");
        return inner.ListAsync(skip, take, cancellation);
    }
}

/// <summary>Counts what is asked of flags: looks of polls apart from reads.</summary>
internal sealed class CountingFlags(IFlagStore inner, Tally tally) : IFlagStore
{
    public Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) => Count("read", inner.ReadAsync(flag, cancellation));

    public Task<FlagState?> LookAsync(FlagKey flag, CancellationToken cancellation) => Count("look", inner.LookAsync(flag, cancellation));

    public Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) => Count("list", inner.ListAsync(cancellation));

    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) =>
        Count("write", inner.SetExposureAsync(spec, exposure, ifMatch, cancellation));

    public Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation) =>
        Count("write", inner.RestoreAsync(flag, json, ifMatch, cancellation));

    private Task<T> Count<T>(string call, Task<T> answer)
    {
        tally.Add($"ports.flags.{call}");
        return answer;
    }
}

/// <summary>Counts what is asked of configuration keys.</summary>
internal sealed class CountingKeys(IConfigurationStore inner, Tally tally) : IConfigurationStore
{
    public Task<ConfigurationValue> ReadAsync(string key, CancellationToken cancellation)
    {
        tally.Add("ports.keys.read");
        return inner.ReadAsync(key, cancellation);
    }

    public Task<bool> WriteAsync(string key, string? value, string? ifMatch, CancellationToken cancellation)
    {
        tally.Add("ports.keys.write");
        return inner.WriteAsync(key, value, ifMatch, cancellation);
    }
}

/// <summary>Counts what is asked of locks.</summary>
internal sealed class CountingLocks(ILocks inner, Tally tally) : ILocks
{
    public Task<ReleaseId> TakeAsync(string resource, ReleaseId release, CancellationToken cancellation) => Count("take", inner.TakeAsync(resource, release, cancellation));

    public async Task ReleaseAllAsync(ReleaseId release, CancellationToken cancellation)
    {
        tally.Add("ports.locks.release", (await inner.ListAsync(cancellation)).Count(held => held.Holder == release));
        tally.Add("ports.locks.list");
        await inner.ReleaseAllAsync(release, cancellation);
    }

    public Task<bool> ReleaseAsync(string resource, ReleaseId holder, CancellationToken cancellation) => Count("release", inner.ReleaseAsync(resource, holder, cancellation));

    public Task<IReadOnlyList<HeldLock>> ListAsync(CancellationToken cancellation) => Count("list", inner.ListAsync(cancellation));

    private Task<T> Count<T>(string call, Task<T> answer)
    {
        tally.Add($"ports.locks.{call}");
        return answer;
    }
}

/// <summary>Counts what is asked of freezes.</summary>
internal sealed class CountingFreezes(IFreezes inner, Tally tally) : IFreezes
{
    public Task<bool> RaiseAsync(FleetFreeze freeze, CancellationToken cancellation) => inner.RaiseAsync(freeze, cancellation);

    public Task<bool> LiftAsync(string id, FreezeLift lift, CancellationToken cancellation) => inner.LiftAsync(id, lift, cancellation);

    public Task<IReadOnlyList<FleetFreeze>> InForceAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        tally.Add("ports.freezes.list");
        return inner.InForceAsync(at, cancellation);
    }

    public Task<IReadOnlyList<FleetFreeze>> ListAsync(int most, CancellationToken cancellation)
    {
        tally.Add("ports.freezes.list");
        return inner.ListAsync(most, cancellation);
    }
}
