namespace Slipway.Embedded.Faults;

/// <summary>What happens to a call.</summary>
public enum FaultEffect
{
    /// <summary>The other side does not answer, and nothing happened there.</summary>
    Unavailable,

    /// <summary>A compare-and-set is lost, and nothing was written.</summary>
    Conflict,

    /// <summary>The call takes longer, by the plan's time.</summary>
    Delay,

    /// <summary>The call takes effect, but its answer never comes back.</summary>
    AnswerLost,

    /// <summary>The answer has nothing in it: telemetry without a row, as when ingestion stopped.</summary>
    Empty,

    /// <summary>A read answers what the first read of the same target answered, as a replica does that is behind.</summary>
    Late,
}

/// <summary>One call as a rule sees it.</summary>
/// <param name="Operation">One of <see cref="FaultOperations"/>.</param>
/// <param name="Target">The flag, key, address, URL or service that is meant.</param>
/// <param name="Number">Which call of this operation it is, 1 first, over all targets.</param>
/// <param name="At">When it began.</param>
public sealed record FaultCall(string Operation, string Target, int Number, DateTimeOffset At);

/// <summary>A fault that a plan injected.</summary>
public sealed record InjectedFault(FaultCall Call, FaultEffect Effect);

/// <summary>When which effect happens to calls of one operation.</summary>
public sealed record FaultRule
{
    private FaultRule(string operation, FaultEffect effect, Func<FaultCall, bool>? when, TimeSpan delay = default) =>
        (Operation, Effect, When, Delay) = (operation, effect, when ?? (_ => true), delay);

    /// <summary>One of <see cref="FaultOperations"/>.</summary>
    public string Operation { get; }

    /// <summary>What happens.</summary>
    public FaultEffect Effect { get; }

    /// <summary>To which calls; must depend on nothing but the call.</summary>
    public Func<FaultCall, bool> When { get; }

    /// <summary>How much longer, for <see cref="FaultEffect.Delay"/>.</summary>
    public TimeSpan Delay { get; }

    /// <summary>The other side does not answer. Without <paramref name="when"/>: at every call, as with every rule.</summary>
    public static FaultRule Unavailable(string operation, Func<FaultCall, bool>? when = null) => new(operation, FaultEffect.Unavailable, when);

    /// <summary>The compare-and-set is lost to somebody else.</summary>
    public static FaultRule Conflict(string operation, Func<FaultCall, bool>? when = null) => new(operation, FaultEffect.Conflict, when);

    /// <summary>The call takes longer by <paramref name="delay"/>, and then goes its way.</summary>
    public static FaultRule Slow(string operation, TimeSpan delay, Func<FaultCall, bool>? when = null) =>
        new(operation, FaultEffect.Delay, when, delay);

    /// <summary>The call takes effect, and then fails.</summary>
    public static FaultRule AnswerLost(string operation, Func<FaultCall, bool>? when = null) => new(operation, FaultEffect.AnswerLost, when);

    /// <summary>The answer has nothing in it.</summary>
    public static FaultRule Empty(string operation, Func<FaultCall, bool>? when = null) => new(operation, FaultEffect.Empty, when);

    /// <summary>The read answers what the first read of the same target answered.</summary>
    public static FaultRule Late(string operation, Func<FaultCall, bool>? when = null) => new(operation, FaultEffect.Late, when);

    /// <summary>The calls with a number from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static Func<FaultCall, bool> Calls(int first, int last) => call => call.Number >= first && call.Number <= last;

    /// <summary>The call with this number, 1 first.</summary>
    public static Func<FaultCall, bool> Call(int number) => Calls(number, number);

    /// <summary>The calls that begin from <paramref name="from"/> (included) to <paramref name="until"/> (excluded).</summary>
    public static Func<FaultCall, bool> Between(DateTimeOffset from, DateTimeOffset until) => call => call.At >= from && call.At < until;

    /// <summary>The calls that mean this flag, key, address, URL or service.</summary>
    public static Func<FaultCall, bool> Target(string target) => call => call.Target == target;
}
