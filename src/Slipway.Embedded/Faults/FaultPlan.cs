using System.Globalization;

namespace Slipway.Embedded.Faults;

/// <summary>
/// What goes wrong, and when: rules over the calls that the faulty adapters report. Deterministic, since a rule sees only the call's
/// number, its target and the time of the given provider. One plan is shared by all adapters of a world. Safe for concurrent use.
/// </summary>
public sealed class FaultPlan
{
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<FaultRule> _rules;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly List<InjectedFault> _injected = [];

    /// <summary>Makes a plan; of several rules that apply to one call the first counts. Throws <see cref="ArgumentException"/> on a rule
    /// whose effect its operation cannot have, since such a rule would silently test nothing.</summary>
    public FaultPlan(TimeProvider time, params IReadOnlyList<FaultRule> rules)
    {
        _time = time;
        _rules = rules;
        foreach (var rule in rules) FaultOperations.Check(rule);
    }

    /// <summary>The faults that were injected so far, in order.</summary>
    public IReadOnlyList<InjectedFault> Injected
    {
        get
        {
            lock (_gate) return [.. _injected];
        }
    }

    /// <summary>How often an operation was called so far.</summary>
    public int CallsOf(string operation)
    {
        lock (_gate) return _calls.GetValueOrDefault(operation);
    }

    /// <summary>Counts a call, serves its delay, and says what else shall happen to it; null: nothing.</summary>
    internal async Task<FaultEffect?> NextAsync(string operation, string target, CancellationToken cancellation)
    {
        FaultRule? rule;
        lock (_gate)
        {
            var call = new FaultCall(operation, target, _calls[operation] = _calls.GetValueOrDefault(operation) + 1, _time.GetUtcNow());
            rule = _rules.FirstOrDefault(rule => rule.Operation == operation && rule.When(call));
            if (rule is not null) _injected.Add(new InjectedFault(call, rule.Effect));
        }

        if (rule?.Effect != FaultEffect.Delay) return rule?.Effect;
        await Task.Delay(rule.Delay, _time, cancellation);
        return null;
    }

    /// <summary>What an injected failure says.</summary>
    internal static string Message(string operation) => string.Create(CultureInfo.InvariantCulture, $"injected fault in {operation}");
}
