using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Rehearsing;

/// <summary>Options whose value is a whole number from 1 on.</summary>
internal static class WholeOption
{
    /// <summary>Makes one.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="most">The largest value.</param>
    public static Option<int?> Of(string name, string description, int most) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 && value <= most) return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"'{Printable.Line(result.Tokens[0].Value)}' is not a value for {name}: expected a whole number from 1 to {most}, for example 5."));
            return null;
        },
    };
}
