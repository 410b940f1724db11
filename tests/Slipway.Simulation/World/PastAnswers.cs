using Slipway.Core.Releases;
using Slipway.Embedded.Faults;

namespace Slipway.Simulation.World;

/// <summary>
/// What reads answered before, for reads that answer it again: of telemetry the last answer, as before rows arrived; of a flag or a key the one before
/// its last change, as from a replica that is behind.
/// </summary>
internal sealed class PastAnswers
{
    private readonly Dictionary<(string Operation, object? Of), (object? Before, object? Last)> _answers = [];

    /// <summary>Keeps an answer.</summary>
    public void Keep(string operation, object?[] arguments, object? answer)
    {
        var key = Key(operation, arguments);
        if (!_answers.TryGetValue(key, out var kept)) _answers[key] = (answer, answer);
        else if (!Same(kept.Last, answer)) _answers[key] = (kept.Last, answer);
    }

    /// <summary>Of a flag the ETag says it: what is read from it is made anew each time.</summary>
    private static bool Same(object? one, object? other) => one is FlagState flag && other is FlagState read ? flag.ETag == read.ETag : Equals(one, other);

    /// <summary>Whether something was answered before, and what.</summary>
    public bool TryGet(string operation, object?[] arguments, out object? answer)
    {
        var found = _answers.TryGetValue(Key(operation, arguments), out var kept);
        answer = operation == FaultOperations.MetricRead ? kept.Last : kept.Before;
        return found;
    }

    /// <summary>One flag or key of many; telemetry is asked with other times each time.</summary>
    private static (string, object?) Key(string operation, object?[] arguments) => (operation, operation == FaultOperations.MetricRead ? null : arguments[0]);
}
