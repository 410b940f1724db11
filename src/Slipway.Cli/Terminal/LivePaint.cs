namespace Slipway.Cli.Terminal;

/// <summary>Paints lines over the lines painted before, on a terminal. Only what changed is written again.</summary>
/// <param name="output">The terminal.</param>
internal sealed class LivePaint(TextWriter output)
{
    private IReadOnlyList<string> _painted = [];

    /// <summary>Shows lines; they must not wrap.</summary>
    public void Show(IReadOnlyList<string> lines)
    {
        if (lines.SequenceEqual(_painted)) return;
        // Up to the first line, then each line anew; what was longer below is cleared.
        var text = new System.Text.StringBuilder();
        if (_painted.Count > 0) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\e[{_painted.Count}A\r");
        for (var i = 0; i < lines.Count; i++)
            text.Append(i < _painted.Count && _painted[i] == lines[i] ? "\n" : $"\e[2K{lines[i]}\n");
        if (_painted.Count > lines.Count) text.Append("\e[0J");
        output.Write(text.ToString());
        output.Flush();
        _painted = lines;
    }
}
