using System.Text.Json;

namespace Slipway.Workflow.Engine;

/// <summary>What every engine refuses, in the same words.</summary>
public static class WorkflowRules
{
    /// <summary>The longest status, in characters of JSON: the 16 KB of UTF-16 that Durable Functions takes.</summary>
    public const int MostStatusCharacters = 8 * 1024;

    /// <summary>The error type of a child whose id is taken.</summary>
    public const string InstanceAlreadyExists = "Slipway.InstanceAlreadyExists";

    /// <summary>The message of a child whose id is taken.</summary>
    public static string TakenId(string instanceId) => $"An instance with the id \"{instanceId}\" exists already.";

    /// <summary>The failure of a child whose id is taken.</summary>
    public static ActivityFailedException ChildExists(string workflow, string instanceId) => new(workflow, InstanceAlreadyExists, TakenId(instanceId));

    /// <summary>
    /// The error of a second waiter for a signal while the first still waits: engines differ in which of the two would get it.
    /// </summary>
    public static InvalidOperationException SecondWaiter(string name) => new($"Somebody waits for the signal {name} already; wait for it again only after that completed.");

    /// <summary>Throws <see cref="ArgumentException"/> when a status is longer than <see cref="MostStatusCharacters"/>.</summary>
    public static void CheckStatus(JsonElement status)
    {
        var length = status.GetRawText().Length;
        if (length > MostStatusCharacters)
            throw new ArgumentException($"A status has at most {MostStatusCharacters} characters of JSON, this one has {length}.", nameof(status));
    }
}
