using System.Globalization;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Fakes;

/// <summary>Flags in memory with their real JSON; every write makes a new ETag. A test can step in before and after each call.</summary>
internal sealed class FakeFlagStore : IFlagStore
{
    private readonly Dictionary<FlagKey, FlagState> _flags = [];
    private int _version;

    /// <summary>The compare-and-sets that took place.</summary>
    public List<string> Writes { get; } = [];

    public int Reads { get; private set; }

    /// <summary>Runs before each call (<c>look</c>, <c>read</c>, <c>set</c>, <c>restore</c>); may change flags, as somebody else would, or throw.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Runs after each write that took place; may throw, as a lost answer does.</summary>
    public Action AfterWrite { get; set; } = () => { };

    /// <summary>When set, the store does not answer.</summary>
    public bool Away { get; set; }

    /// <summary>Flags whose reads alone fail.</summary>
    public HashSet<FlagKey> Unreadable { get; } = [];

    /// <summary>Flags at which a look has no answer until whoever looks gives up.</summary>
    public HashSet<FlagKey> Hanging { get; } = [];

    /// <summary>What the next reads answer in place of what is there, as a replica that is behind does.</summary>
    public Queue<FlagState> Past { get; } = [];

    /// <summary>When set, every write is refused, with this as what is there.</summary>
    public FlagState? Refuses { get; set; }

    public FlagState this[FlagKey flag] => _flags[flag];

    /// <summary>Puts a flag in place that is off.</summary>
    public FlagState Create(FlagKey flag) => Put(flag, FlagJson.CreateOff(flag.Name, ""));

    /// <summary>What somebody else does by hand: exposes a share of users, or turns the flag off.</summary>
    public FlagState Touch(FlagKey flag, decimal percentage) =>
        Put(flag, FlagJson.SetExposure(_flags[flag].Json, new FlagSpec { Name = flag.Name, Label = flag.Label }, new Percentage(percentage)));

    /// <summary>Somebody else opens the flag and saves it unchanged.</summary>
    public FlagState Save(FlagKey flag) => Put(flag, _flags[flag].Json);

    public void Delete(FlagKey flag) => _flags.Remove(flag);

    public FlagState Put(FlagKey flag, string json) =>
        _flags[flag] = FlagJson.Read(flag, json, (++_version).ToString(CultureInfo.InvariantCulture));

    public Task<FlagState?> LookAsync(FlagKey flag, CancellationToken cancellation)
    {
        Enter("look");
        if (Hanging.Contains(flag)) return new TaskCompletionSource<FlagState?>().Task.WaitAsync(cancellation);
        if (Unreadable.Contains(flag)) throw Unavailable();
        return Task.FromResult(_flags.GetValueOrDefault(flag));
    }

    public Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation)
    {
        Enter("read");
        Reads++;
        if (Unreadable.Contains(flag)) throw Unavailable();
        if (Past.TryDequeue(out var past)) return Task.FromResult<FlagState?>(past);
        return Task.FromResult(_flags.GetValueOrDefault(flag));
    }

    public Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation)
    {
        Enter("list");
        return Task.FromResult<IReadOnlyList<FlagKey>>([.. _flags.Keys.Order()]);
    }

    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation)
    {
        Enter("set");
        return Write(spec.Key, ifMatch, json => FlagJson.SetExposure(json, spec, exposure), $"{spec.Key} to {exposure}");
    }

    public Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation)
    {
        Enter("restore");
        return Write(flag, ifMatch, _ => FlagJson.Parse(flag, json, ifMatch).Json, $"{flag} restored");
    }

    private Task<FlagWrite> Write(FlagKey flag, string ifMatch, Func<string, string> change, string note)
    {
        if (Refuses is { } refused) return Task.FromResult(new FlagWrite(false, refused));
        if (_flags.GetValueOrDefault(flag) is not { } current || current.ETag != ifMatch)
        {
            return Task.FromResult(new FlagWrite(false, _flags.GetValueOrDefault(flag)));
        }

        var written = Put(flag, change(current.Json));
        Writes.Add(note);
        AfterWrite();
        return Task.FromResult(new FlagWrite(true, written));
    }

    private void Enter(string call)
    {
        Before(call);
        if (Away) throw Unavailable();
    }

    public static PortUnavailableException Unavailable() => new("flag store", "no answer");
}
