using System.Collections.Concurrent;
using System.Reflection;
using Slipway.Simulation.Cases;
using Slipway.Workflow.Ports;

namespace Slipway.Simulation.World;

/// <summary>
/// Stands before every port of one process: kills the process before or after a call takes effect, delivers a call twice, answers with what was
/// there before; stores that have no faulty adapter of their own it makes slow, unavailable, or loses their answers. Once the process is dead
/// nothing that it still does reaches the outside.
/// </summary>
internal class PortInterceptor : DispatchProxy
{
    private static readonly ConcurrentDictionary<MethodInfo, Func<PortInterceptor, MethodInfo, object?[], Task>> Typed = new();
    private object _inner = null!;
    private FaultDirector _director = null!;
    private SimulatedProcess _process = null!;
    private TimeProvider? _time;

    /// <summary>The port behind the interceptor.</summary>
    /// <param name="inner">The port.</param>
    /// <param name="director">Says what happens.</param>
    /// <param name="process">The process whose calls these are.</param>
    /// <param name="time">The clock by which slow calls take longer; null: none does, since whoever calls stands still while time goes by.</param>
    public static T Around<T>(T inner, FaultDirector director, SimulatedProcess process, TimeProvider? time)
        where T : class
    {
        var port = Create<T, PortInterceptor>();
        var interceptor = (PortInterceptor)(object)port;
        (interceptor._inner, interceptor._director, interceptor._process, interceptor._time) = (inner, director, process, time);
        return port;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var (method, arguments) = (targetMethod!, args!);
        if (!method.ReturnType.IsAssignableTo(typeof(Task))) return Call(method, arguments);
        return Typed.GetOrAdd(method, static method => method.ReturnType == typeof(Task)
            ? static (self, method, arguments) => self.RunAsync(method, arguments)
            : typeof(PortInterceptor).GetMethod(nameof(RunTypedAsync), BindingFlags.NonPublic | BindingFlags.Instance)!
                .MakeGenericMethod(method.ReturnType.GetGenericArguments()[0]).CreateDelegate<Func<PortInterceptor, MethodInfo, object?[], Task>>())(this, method, arguments);
    }

    private async Task RunAsync(MethodInfo method, object?[] arguments)
    {
        var operation = PortOperations.Of(method);
        var slow = await BeforeAsync(operation, arguments);
        await (Task)Call(method, arguments)!;
        if (_director.Takes(IncidentKind.Twice, operation) is not null) await (Task)Call(method, arguments)!;
        await AfterAsync(operation, arguments, slow);
    }

    private async Task<T> RunTypedAsync<T>(MethodInfo method, object?[] arguments)
    {
        var operation = PortOperations.Of(method);
        var slow = await BeforeAsync(operation, arguments);
        if (_director.Takes(IncidentKind.Stale, operation) is not null && _director.Past.TryGet(operation, arguments, out var past)) return (T)past!;
        var result = await (Task<T>)Call(method, arguments)!;
        if (_director.Takes(IncidentKind.Twice, operation) is not null) result = await (Task<T>)Call(method, arguments)!;
        if (IncidentGenerator.StaleOperations.Contains(operation)) _director.Past.Keep(operation, arguments, result);
        await AfterAsync(operation, arguments, slow);
        return result;
    }

    /// <summary>What happens before a call; returns what makes its answer late instead.</summary>
    private async Task<Incident?> BeforeAsync(string operation, object?[] arguments)
    {
        _process.ThrowIfDead();
        if (_director.Takes(IncidentKind.CrashBefore, operation) is { } crash) _process.Die(crash.For);
        if (!IncidentGenerator.AreOfStore(operation)) return null;
        var slow = _time is null ? null : _director.Takes(IncidentKind.Slow, operation);
        if (slow is { AnswersLate: false }) await WaitAsync(slow, arguments);
        if (_director.Takes(IncidentKind.Unavailable, operation) is not null) throw new PortUnavailableException(operation, "injected");
        return slow is { AnswersLate: true } ? slow : null;
    }

    private async Task AfterAsync(string operation, object?[] arguments, Incident? slow)
    {
        if (slow is not null) await WaitAsync(slow, arguments);
        _process.ThrowIfDead();
        if (_director.Takes(IncidentKind.CrashAfter, operation) is { } crash) _process.Die(crash.For);
        if (IncidentGenerator.AreOfStore(operation) && _director.Takes(IncidentKind.AnswerLost, operation) is not null) throw new PortUnavailableException(operation, "the answer was lost");
    }

    private async Task WaitAsync(Incident slow, object?[] arguments)
    {
        await Task.Delay(slow.Delay, _time!, arguments.OfType<CancellationToken>().FirstOrDefault());
        _process.ThrowIfDead();
    }

    private object? Call(MethodInfo method, object?[] arguments) => method.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
