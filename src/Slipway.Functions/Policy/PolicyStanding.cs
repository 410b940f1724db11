using System.Globalization;
using Slipway.Core.Policy;

namespace Slipway.Functions.Policy;

/// <summary>Where the policy in force comes from.</summary>
public enum PolicyOrigin
{
    /// <summary>From its key, as it stands there.</summary>
    Key,

    /// <summary>There is no key and never was one: the default policy.</summary>
    NoKey,

    /// <summary>The key cannot be used: the last good policy.</summary>
    LastGood,

    /// <summary>The key cannot be used, and no last good policy is known.</summary>
    Unknown,
}

/// <summary>The server policy in force.</summary>
/// <param name="Policy">It.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Since">Since when it is in force, or, with <see cref="PolicyOrigin.LastGood"/> and <see cref="PolicyOrigin.Unknown"/>, since when the key cannot be used.</param>
/// <param name="GoodAt">When the key last had this policy, as far as is known.</param>
public sealed record PolicyStanding(ServerPolicy Policy, PolicyOrigin Origin, DateTimeOffset Since, DateTimeOffset GoodAt)
{
    /// <summary>Its text; null for the default and the unknown one.</summary>
    public string? Text { get; init; }

    /// <summary>Why the key cannot be used, in words that everyone may read; empty when it can.</summary>
    public string Why { get; init; } = "";

    /// <summary>The same with every problem, which quotes the policy: for the log alone.</summary>
    public string Details { get; init; } = "";

    /// <summary>Why no copy of a good policy could be kept; empty when it was.</summary>
    public string NotKept { get; init; } = "";

    /// <summary>What stands in the policy and counts only on one machine; empty: nothing.</summary>
    public string Ignored { get; init; } = "";

    /// <summary>Whether somebody has to look after the policy.</summary>
    public bool Degraded => Origin is PolicyOrigin.LastGood or PolicyOrigin.Unknown;

    /// <summary>How it stands, for <c>/health</c>.</summary>
    public string Words => Ignored.Length == 0 ? Standing : $"{Standing}; on this platform these parts of it have no effect: {Ignored}";

    private string Standing => Origin switch
    {
        PolicyOrigin.LastGood => string.Create(CultureInfo.InvariantCulture, $"degraded since {Clock(Since)}: {Why}; in force is the last good one, of {Clock(GoodAt)}"),
        PolicyOrigin.Unknown => string.Create(CultureInfo.InvariantCulture, $"unknown since {Clock(Since)}: {Why}, and no last good one is known; nothing starts, releases under way go on and can be taken back"),
        PolicyOrigin.NoKey => "ok, the default one: there is no key",
        _ => NotKept.Length == 0 ? "ok" : "ok, but no copy of it could be kept",
    };

    /// <summary>
    /// How the policy stands after a look at its key. Pure. A key that is gone is no order to forget who may do what: an empty one is the default policy.
    /// </summary>
    /// <param name="before">How it stood; null at the start.</param>
    /// <param name="found">What the look found.</param>
    /// <param name="copy">The copy; missing where it was not looked for, because <paramref name="before"/> has a text, which is as good.</param>
    /// <param name="now">The time.</param>
    /// <param name="host">Adds what the host says of itself.</param>
    internal static PolicyStanding After(PolicyStanding? before, PolicyText found, PolicyText copy, DateTimeOffset now, Func<ServerPolicy, ServerPolicy> host)
    {
        if (found.Reading?.Policy is { } policy)
        {
            var same = before is { Origin: PolicyOrigin.Key } && before.Text == found.Text;
            return new PolicyStanding(host(policy), PolicyOrigin.Key, same ? before!.Since : now, now) { Text = found.Text, Ignored = Missed(policy, host(policy)) };
        }

        if (found.Missing && copy.Missing && before?.Text is null)
            return new PolicyStanding(host(ServerPolicy.Default), PolicyOrigin.NoKey, before is { Origin: PolicyOrigin.NoKey } ? before.Since : now, now);
        var since = before is { Degraded: true } ? before.Since : now;
        if (copy.Reading?.Policy is { } kept)
        {
            return new PolicyStanding(host(kept), PolicyOrigin.LastGood, since, copy.At)
            {
                Text = copy.Text,
                Ignored = Missed(kept, host(kept)),
                Why = found.Why,
                Details = found.Details,
            };
        }

        if (before is not null and not { Origin: PolicyOrigin.Unknown })
            return before with { Origin = PolicyOrigin.LastGood, Since = since, Why = found.Why, Details = found.Details, NotKept = "" };
        var why = copy.Missing ? found.Why : $"{found.Why}; {copy.Why}";
        var details = copy.Missing ? found.Details : $"{found.Details}{Environment.NewLine}{copy.Details}";
        return new PolicyStanding(host(new ServerPolicy { Unknown = found.Why }), PolicyOrigin.Unknown, since, default) { Why = why, Details = details };
    }

    /// <summary>What the host does not take over from a policy.</summary>
    private static string Missed(ServerPolicy written, ServerPolicy inForce)
    {
        List<string> missed = [];
        if (written.Keys.Count > inForce.Keys.Count) missed.Add(string.Create(CultureInfo.InvariantCulture, $"keys ({written.Keys.Count})"));
        if (written.InlineApprovers && !inForce.InlineApprovers) missed.Add("inline_approvers");
        return string.Join(" and ", missed);
    }

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
