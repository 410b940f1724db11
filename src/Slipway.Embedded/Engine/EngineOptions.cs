namespace Slipway.Embedded.Engine;

/// <summary>How the engine behaves.</summary>
public sealed record EngineOptions
{
    /// <summary>How many activities run at the same time; the others wait in order. 1 or more, by default 32.</summary>
    public int MaxConcurrentActivities { get; init; } = 32;

    /// <summary>
    /// How many instances that wait for nothing but signals and timers (which are more than 5 s away) stay in memory: those that did something last. The others are rebuilt from their
    /// history when something comes for them, which takes about as many milliseconds as it has hundreds of lines. 0 or more, by default 256.
    /// </summary>
    public int MaxIdleInMemory { get; init; } = 256;

    /// <summary>
    /// How long an instance rests after a commit of its own failed, or it could not be read, before it is rebuilt and goes on; and the engine, when it cannot
    /// read at its start what an earlier one left. An activity that ended meanwhile is not run again, so that trying often costs nobody anything. By default 1 s.
    /// </summary>
    public TimeSpan PauseAfterFailedCommit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long stopping waits for activities that do not heed their cancellation. By default 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told what the person on call should know. It must not throw. By default nobody is told.</summary>
    public Action<EngineIncident> OnIncident { get; init; } = static _ => { };

    /// <summary>Called right after a commit, before anything that the commit causes; tests end the engine here as a kill would.</summary>
    internal Action AfterCommit { get; init; } = static () => { };

    /// <summary>Called right before a commit.</summary>
    internal Action BeforeCommit { get; init; } = static () => { };
}

/// <summary>Something that went wrong inside of the engine, or in an activity that is tried again.</summary>
/// <param name="InstanceId">The instance; <c>engine</c>: no single one.</param>
/// <param name="Message">What happened and what follows, for a person.</param>
/// <param name="Error">The cause, when there is one.</param>
public sealed record EngineIncident(string InstanceId, string Message, Exception? Error = null);
