namespace Slipway.Fuzz.Running;

/// <summary>Ends the program at an input that does not come to an end: it is written to a file, and nothing after it is tried.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _target;
    private readonly Timer _timer;
    private volatile byte[]? _input;
    private byte[]? _seen;

    public Watchdog(string target)
    {
        _target = target;
        _timer = new Timer(_ => Look(), null, Patience, Patience);
    }

    /// <summary>An input is read now.</summary>
    public void Begin(byte[] input) => _input = input;

    /// <summary>It was read.</summary>
    public void End() => _input = null;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>The same input at two looks: it took at least the time between them.</summary>
    private void Look()
    {
        var now = _input;
        if (now is null || !ReferenceEquals(now, _seen))
        {
            _seen = now;
            return;
        }

        Console.Error.WriteLine($"{_target}: an input hangs; kept as {FindingFile.Write(_target, "hang", now)}");
        Environment.Exit(1);
    }
}
