namespace Slipway.Functions.Durable;

/// <summary>
/// How persisted names and instance ids are written where Azure restricts them. A function's name has letters, digits, <c>_</c> and
/// <c>-</c> only, so the dots of <c>release.watch.v1</c> become hyphens; an instance id has no <c>/</c>, <c>\</c>, <c>#</c> or <c>?</c>, so
/// <c>search-2.4.0/watch/1</c> is kept as <c>search-2.4.0:watch:1</c>. No release id holds a colon, so ids can be read back.
/// </summary>
public static class DurableNames
{
    /// <summary>The name of the function that runs a workflow or activity.</summary>
    /// <param name="name">The persisted name, for example <c>release.v1</c>.</param>
    public static string FunctionOf(string name) => name.Replace('.', '-');

    /// <summary>The id under which Durable Functions keeps an instance.</summary>
    /// <param name="instance">The id as the workflow knows it.</param>
    public static string IdOf(string instance) => instance.Replace('/', ':');

    /// <summary>The id of an instance as the workflow knows it.</summary>
    /// <param name="id">The id under which Durable Functions keeps it.</param>
    public static string InstanceOf(string id) => id.Replace(':', '/');
}
