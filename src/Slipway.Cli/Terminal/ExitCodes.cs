namespace Slipway.Cli.Terminal;

/// <summary>The exit codes of <c>slipway</c>; scripts rely on them, so a number never changes its meaning.</summary>
public static class ExitCodes
{
    /// <summary>What was asked is done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done: bad input, missing information, an unreachable server; or a ledger does not verify.</summary>
    public const int Error = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The release was rolled back or failed, or a gate failed; a rehearsal or backtest did not pass; a direct rollback left something to do.</summary>
    public const int RolledBack = 3;

    /// <summary>The server does not let this token do that.</summary>
    public const int NotAuthorised = 4;

    /// <summary>It conflicts with what is there: same id with other content, a command that was refused, or the release is over.</summary>
    public const int Conflict = 5;

    /// <summary>Still not over when <c>--timeout</c> was reached.</summary>
    public const int StillWaiting = 6;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
