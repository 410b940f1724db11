using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>A pipeline that honours the idempotency key: the same key takes effect once.</summary>
internal sealed class RecordingHook(TimeProvider time) : IDeployHook
{
    private readonly Dictionary<string, (DateTimeOffset Due, HookCall Call)> _underWay = new(StringComparer.Ordinal);
    private readonly List<ITimer> _work = [];
    private long _sequence;

    /// <summary>Every call, with its time.</summary>
    public List<(DateTimeOffset At, HookCall Call)> Asked { get; } = [];

    /// <summary>How often a status address was asked.</summary>
    public int StatusAsked { get; private set; }

    /// <summary>The keys of the calls that took effect.</summary>
    public HashSet<string> Effects { get; } = [];

    /// <summary>What took effect, in order.</summary>
    public List<(DateTimeOffset At, HookStep Step)> Took { get; } = [];

    public Action OnEffect { get; set; } = () => { };

    public Action<HookStep> OnStep { get; set; } = _ => { };

    /// <summary>Whether the pipeline is closed for a step.</summary>
    public Func<HookStep, bool> Closed { get; set; } = _ => false;

    /// <summary>Whether it says that it will never do a step.</summary>
    public Func<HookStep, bool> Refuses { get; set; } = _ => false;

    /// <summary>How long a step runs after it was accepted with 202; zero: it is done with the answer.</summary>
    public Func<HookStep, TimeSpan> Takes { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Whether a 202 comes with an address to ask.</summary>
    public bool GivesStatus { get; set; }

    /// <summary>What its status address answers instead of how far the step is; null: how far it is.</summary>
    public Func<HookResult?> StatusAnswer { get; set; } = () => null;

    /// <summary>Whether what it accepted takes effect when its time is over; otherwise when it is asked after that.</summary>
    public bool WorksAlone { get; set; }

    /// <summary>Whether it refuses a call with a lower sequence than it has taken.</summary>
    public bool HonoursSequence { get; set; }

    public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation)
    {
        Asked.Add((time.GetUtcNow(), call));
        if (Closed(call.Step)) return Task.FromResult(new HookResult(HookProgress.NoAnswer, "503 the pipeline is closed"));
        if (Refuses(call.Step)) return Task.FromResult(new HookResult(HookProgress.Refused, "422 no such slot"));
        if (HonoursSequence && call.Sequence < _sequence) return Task.FromResult(new HookResult(HookProgress.Refused, $"412 {call.Sequence} comes after {_sequence}"));
        _sequence = Math.Max(_sequence, call.Sequence);
        return Task.FromResult(Go(call));
    }

    /// <summary>Whether an address is of a step that it accepted.</summary>
    public bool Gave(Uri status) => _underWay.ContainsKey(KeyOf(status));

    public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation)
    {
        StatusAsked++;
        if (StatusAnswer() is { } answer) return Task.FromResult(answer);
        return Task.FromResult(Go(_underWay[KeyOf(status)].Call));
    }

    private static string KeyOf(Uri status) => Uri.UnescapeDataString(status.Fragment.TrimStart('#'));

    private HookResult Go(HookCall call)
    {
        var now = time.GetUtcNow();
        if (_underWay.TryAdd(call.Key, (now + Takes(call.Step), call)) && WorksAlone && _underWay[call.Key].Due > now)
            _work.Add(time.CreateTimer(_ => Go(call), null, Takes(call.Step), Timeout.InfiniteTimeSpan));
        if (now < _underWay[call.Key].Due)
        {
            return new HookResult(HookProgress.UnderWay, "202 running", GivesStatus ? new Uri($"http://127.0.0.1/status#{Uri.EscapeDataString(call.Key)}") : null);
        }

        if (Effects.Add(call.Key))
        {
            Took.Add((now, call.Step));
            OnEffect();
            OnStep(call.Step);
        }

        return new HookResult(HookProgress.Done, $"200 {call.Step.Sentence}");
    }
}
