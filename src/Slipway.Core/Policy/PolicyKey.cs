namespace Slipway.Core.Policy;

/// <summary>What a key of the policy lets its owner do.</summary>
public enum PolicyRole
{
    /// <summary>Read releases, ledgers and flags.</summary>
    Viewer,

    /// <summary>Start releases, give commands, create flags.</summary>
    Operator,

    /// <summary>Decide approvals as oneself, where a release asks for a signed-in approver.</summary>
    Approver,

    /// <summary>Send telemetry and read flags.</summary>
    Telemetry,
}

/// <summary>An API key of one person or pipeline. The policy holds its hash only: who reads the file cannot use the key.</summary>
/// <param name="Name">Whose it is: the actor in the ledger, and for an approver the mail address that a group lists.</param>
/// <param name="Roles">What it lets do; at least one.</param>
/// <param name="Sha256">SHA-256 of the key's UTF-8 text, as 64 lower-case hex digits.</param>
public sealed record PolicyKey(string Name, IReadOnlyList<PolicyRole> Roles, string Sha256);
