using System.Globalization;

namespace Slipway.Faults;

/// <summary>
/// The command line: <c>kills</c> (<c>--count N</c>, 200 where left out; <c>--seed S</c>), <c>load</c> (<c>--releases N</c>, 1,000) or <c>week</c>.
/// </summary>
internal sealed record Arguments(string Command, int Count, int Seed, int Releases)
{
    /// <summary>What can be asked for.</summary>
    public const string Usage = "expected kills [--count N] [--seed S], load [--releases N] or week";

    private static readonly string[] Commands = ["kills", "load", "week"];

    /// <summary>Reads them; null: they cannot be read.</summary>
    public static Arguments? Read(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || !Commands.Contains(args[0], StringComparer.Ordinal) || args.Count % 2 == 0) return null;
        var read = new Arguments(args[0], 200, Random.Shared.Next(), 1000);
        for (var index = 1; index < args.Count; index += 2)
        {
            if (!int.TryParse(args[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
            Arguments? next = (read.Command, args[index]) switch
            {
                ("kills", "--count") when value > 0 => read with { Count = value },
                ("kills", "--seed") => read with { Seed = value },
                ("load", "--releases") when value > 1 => read with { Releases = value },
                _ => null,
            };
            if (next is null) return null;
            read = next;
        }

        return read;
    }
}
