namespace Slipway.Web.Access;

/// <summary>What a caller may do. A role does not contain another one; a token is given all that it needs.</summary>
[Flags]
public enum ApiRoles
{
    /// <summary>Nothing; as a route's requirement: open to everyone.</summary>
    None = 0,

    /// <summary>Read releases, ledgers and flags.</summary>
    Viewer = 1,

    /// <summary>Start releases, give commands, create flags.</summary>
    Operator = 2,

    /// <summary>Send telemetry and read flags: what an application needs.</summary>
    Telemetry = 4,

    /// <summary>Decide approvals as oneself, where the release asks for a signed-in approver.</summary>
    Approver = 8,
}
