using System.Globalization;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Fakes;

/// <summary>Flags in memory with their real JSON; every write makes a new ETag. A test can step in before and after each call.</summary>
internal sealed class FakeFlagStore : IFlagStore
{
    private readonly Dictionary<string, FlagState> _flags = new(StringComparer.Ordinal);
    private int _version;

    /// <summary>The compare-and-sets that took place.</summary>
    public List<string> Writes { get; } = [];

    public int Reads { get; private set; }

    /// <summary>Runs before each call (<c>read</c>, <c>set</c>, <c>restore</c>); may change flags, as somebody else would, or throw.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Runs after each write that took place; may throw, as a lost answer does.</summary>
    public Action AfterWrite { get; set; } = () => { };

    /// <summary>When set, the store does not answer.</summary>
    public bool Away { get; set; }

    /// <summary>Flags whose reads alone fail.</summary>
    public HashSet<string> Unreadable { get; } = new(StringComparer.Ordinal);

    public FlagState this[string name] => _flags[name];

    /// <summary>Puts a flag in place that is off.</summary>
    public FlagState Create(string name) => Put(name, FlagJson.CreateOff(name, ""));

    /// <summary>What somebody else does by hand: exposes a share of users, or turns the flag off.</summary>
    public FlagState Touch(string name, decimal percentage) =>
        Put(name, FlagJson.SetExposure(_flags[name].Json, new FlagSpec { Name = name }, new Percentage(percentage)));

    /// <summary>Somebody else opens the flag and saves it unchanged.</summary>
    public FlagState Save(string name) => Put(name, _flags[name].Json);

    public void Delete(string name) => _flags.Remove(name);

    public FlagState Put(string name, string json) =>
        _flags[name] = FlagJson.Read(name, json, (++_version).ToString(CultureInfo.InvariantCulture));

    public Task<FlagState?> ReadAsync(string name, CancellationToken cancellation)
    {
        Enter("read");
        Reads++;
        if (Unreadable.Contains(name)) throw Unavailable();
        return Task.FromResult(_flags.GetValueOrDefault(name));
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation)
    {
        Enter("list");
        return Task.FromResult<IReadOnlyList<string>>([.. _flags.Keys.Order(StringComparer.Ordinal)]);
    }

    public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation)
    {
        Enter("set");
        return Write(spec.Name, ifMatch, json => FlagJson.SetExposure(json, spec, exposure), $"{spec.Name} to {exposure}");
    }

    public Task<FlagWrite> RestoreAsync(string name, string json, string ifMatch, CancellationToken cancellation)
    {
        Enter("restore");
        return Write(name, ifMatch, _ => json, $"{name} restored");
    }

    private Task<FlagWrite> Write(string name, string ifMatch, Func<string, string> change, string note)
    {
        if (_flags.GetValueOrDefault(name) is not { } current || current.ETag != ifMatch)
        {
            return Task.FromResult(new FlagWrite(false, _flags.GetValueOrDefault(name)));
        }

        var written = Put(name, change(current.Json));
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
