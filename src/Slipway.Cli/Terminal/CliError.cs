using Slipway.Core.Requests;

namespace Slipway.Cli.Terminal;

/// <summary>Why a command could not do what was asked: what, why, how to fix it, and an id where the server gave one.</summary>
public sealed record CliError
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public required int ExitCode { get; init; }

    /// <summary>A stable snake_case word for scripts.</summary>
    public required string Kind { get; init; }

    /// <summary>What happened.</summary>
    public required string What { get; init; }

    /// <summary>Why; may be empty.</summary>
    public string Why { get; init; } = "";

    /// <summary>How to fix it; a command where there is one; may be empty.</summary>
    public string Fix { get; init; } = "";

    /// <summary>The server's id of this occurrence; empty when the server had no part in it.</summary>
    public string Id { get; init; } = "";

    /// <summary>Every problem of an input file.</summary>
    public IReadOnlyList<RequestProblem> Problems { get; init; } = [];

    /// <summary>The contract's <c>insufficient_context</c> object as the server sent it; null when information was not what is missing.</summary>
    public string? Insufficient { get; init; }
}
