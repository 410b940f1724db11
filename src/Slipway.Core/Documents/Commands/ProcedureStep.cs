namespace Slipway.Core.Documents.Commands;

/// <summary>
/// One step of a procedure that somebody on call can carry out without asking. Either it has a command, or it has the question whose answer
/// is missing for one: never a placeholder.
/// </summary>
public sealed record ProcedureStep
{
    /// <summary>What to do: begins with a verb in the imperative, no full stop.</summary>
    public required string Action { get; init; }

    /// <summary>The command, on one line; null where <see cref="Question"/> says what is missing for it, or where a person decides.</summary>
    public string? Command { get; init; }

    /// <summary>What is seen when it worked; no full stop.</summary>
    public required string Expected { get; init; }

    /// <summary>What to do when that is not seen; no full stop.</summary>
    public required string OnFailure { get; init; }

    /// <summary>How long it takes, roughly.</summary>
    public TimeSpan Takes { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The question whose answer the command needs; null: nothing is missing.</summary>
    public string? Question { get; init; }
}
