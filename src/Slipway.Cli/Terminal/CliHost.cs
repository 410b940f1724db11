namespace Slipway.Cli.Terminal;

/// <summary>Everything that a command takes from the machine it runs on, so that a test can run the whole CLI in its own process.</summary>
public sealed record CliHost
{
    /// <summary>Data goes here.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Messages go here: progress, what changed, what to do next, errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal. Off a terminal there is no colour and no cursor movement.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The terminal's width in columns, now.</summary>
    public Func<int> TerminalWidth { get; init; } = static () => 80;

    /// <summary>The directory that relative paths and the default data folder start from; absolute.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the handler that carries HTTP to a server; the caller disposes it.</summary>
    public Func<Uri, HttpMessageHandler> CreateHttpHandler { get; init; } = static server => new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // A redirect could lead the token elsewhere.
        AllowAutoRedirect = false,
        // A proxy of the environment cannot reach this machine's own loopback.
        UseProxy = !server.IsLoopback,
    };

    /// <summary>The real machine: console, environment, system clock.</summary>
    public static CliHost FromConsole() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        TerminalWidth = static () => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? 80 : Console.WindowWidth,
        CurrentDirectory = Environment.CurrentDirectory,
        Variable = Environment.GetEnvironmentVariable,
    };
}
