using System.Globalization;

namespace Slipway.Simulation;

/// <summary>The command line: <c>--runs N</c> (1,000 where left out) with seeds from <c>--seed S</c> (0) on, or <c>--seed new</c> for ones that nobody
/// has run, at most <c>--seconds T</c>, until <c>--findings F</c> (3) were found; or <c>--planted</c>, which looks for planted bugs instead.</summary>
internal sealed record Arguments(long First, int Runs, double Seconds, int Findings, bool Planted)
{
    /// <summary>Reads them; what is wrong otherwise.</summary>
    public static (Arguments? Arguments, string Problem) Read(IReadOnlyList<string> args)
    {
        var read = new Arguments(0, 1000, double.PositiveInfinity, 3, false);
        for (var index = 0; index < args.Count; index++)
        {
            if (args[index] == "--planted")
            {
                read = read with { Planted = true };
                continue;
            }

            var value = index + 1 < args.Count ? args[++index] : "";
            var next = args[index - (value.Length > 0 ? 1 : 0)] switch
            {
                "--runs" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) && runs > 0 => read with { Runs = runs },
                "--seed" when value == "new" => read with { First = Random.Shared.NextInt64(1_000_000_000, 1_000_000_000_000) },
                "--seed" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var first) => read with { First = first },
                "--seconds" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => read with { Seconds = seconds },
                "--findings" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var findings) && findings > 0 => read with { Findings = findings },
                _ => null,
            };
            if (next is null) return (null, $"{string.Join(' ', args)}: expected --runs N, --seed N or --seed new, --seconds T, --findings F, --planted; N, T and F are numbers above 0, a seed 0 or more.");
            read = next;
        }

        return (read, "");
    }
}
