using System.Text.RegularExpressions;

namespace Slipway.Core.Documents.Commands;

/// <summary>Words of a POSIX shell command, so that what a request says can never become another command.</summary>
public static partial class ShellText
{
    /// <summary>A word as the shell reads it: as it is where that is safe, else in single quotes. Line breaks and control characters are dropped.</summary>
    public static string Quote(string word)
    {
        var clean = string.Concat(word.Where(character => !char.IsControl(character)));
        return Plain().IsMatch(clean) ? clean : $"'{clean.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=@%+,-]+\z")]
    private static partial Regex Plain();
}
