using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary>An option that is a number, with or without its unit; what is none is told with what is expected.</summary>
internal static class NumberOption
{
    /// <summary>Above 0 and up to <paramref name="most"/>; <paramref name="least"/> and more where that is given.</summary>
    /// <param name="name">Its name, for example <c>--limit</c>.</param>
    /// <param name="help">What stands for its value in the help.</param>
    /// <param name="description">Its description.</param>
    /// <param name="what">What is expected, with its article.</param>
    /// <param name="example">A value in the form that is expected, with the unit that may follow a number.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="least">The smallest value; null: any above 0.</param>
    public static Option<decimal?> Of(string name, string help, string description, string what, string example, decimal most, decimal? least = null) => new(name)
    {
        Description = $"{description}, for example {example}",
        HelpName = help,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var unit = example.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
            var number = unit.Length > 0 && text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) ? text[..^unit.Length] : text;

            // No thousands separators: 2,5 would be 25.
            if (decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
                && value > 0 && value >= (least ?? 0) && value <= most)
            {
                return value;
            }

            var range = least is { } from ? string.Create(CultureInfo.InvariantCulture, $"from {from} up to {most}") : string.Create(CultureInfo.InvariantCulture, $"above 0 up to {most}");
            result.AddError($"'{Printable.Line(text)}' is not a value for {name}: expected {what} {range}, for example {example}.");
            return null;
        },
    };
}
