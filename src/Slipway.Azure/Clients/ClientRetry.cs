namespace Slipway.Azure.Clients;

/// <summary>
/// How patiently a client repeats one request by itself. The workflow repeats everything anyway, and a rollback waits for nothing, so this
/// is only for the short faults.
/// </summary>
public sealed record ClientRetry
{
    /// <summary>How often a request is repeated, 0 or more. Default: 2.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The wait before the first repetition; it doubles from one to the next. Default: 400 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest of those waits. Default: 2 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest wait that a service may ask for (<c>Retry-After</c>, <c>retry-after-ms</c>) and get: one that asks for more is not asked
    /// again by the client, and the caller hears when it may be. Zero: a throttled request is never repeated. Default: 5 s.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one answer may take. Default: 4 s, many times what the services need for what they are asked here: a rollback that meets a dead connection
    /// tries another one soon, and a request with all its repetitions and waits ends, with words, before a workflow gives it up without any (30 s).
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(4);
}
