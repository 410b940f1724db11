using Slipway.Cli.Terminal;

namespace Slipway.Cli.Rehearsing;

/// <summary>Says what is done while a rehearsal runs: one line that is written over on a terminal, nothing elsewhere.</summary>
internal sealed class RehearsalProgress(CommandIo io)
{
    private readonly Lock _gate = new();
    private readonly bool _shows = io is { Json: false, Host.ErrorIsTerminal: true };
    private int _done;

    /// <summary>A scenario is done.</summary>
    public void Done(string scenario)
    {
        if (!_shows) return;
        lock (_gate) io.Host.Error.Write($"\r{++_done} scenarios rehearsed, last {scenario,-24}");
    }

    /// <summary>Everything is done.</summary>
    public void End()
    {
        if (_shows && _done > 0) io.Host.Error.Write("\r" + new string(' ', 60) + "\r");
    }
}
