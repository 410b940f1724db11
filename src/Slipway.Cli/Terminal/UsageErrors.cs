using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Terminal;

/// <summary>A command line that could not be understood: what is wrong, the nearest valid name, and where the help is.</summary>
internal static partial class UsageErrors
{
    public static async Task<int> WriteAsync(CliHost host, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed);
        var messages = parsed.Errors.Select(error => Reworded(error.Message, command, path)).Distinct().ToList();
        var suggestion = Suggest(parsed);
        if (parsed.Tokens.Any(token => token.Value == "--json"))
        {
            await host.Error.WriteLineAsync(JsonSerializer.Serialize(
                new
                {
                    schema = "slipway.error.v1",
                    error = "usage",
                    exit_code = ExitCodes.Usage,
                    what = string.Join(' ', messages),
                    why = "",
                    fix = $"Run `{path} --help` for what is possible.",
                    suggestion,
                    help = $"{path} --help",
                },
                SlipwayJson.Options));
            return ExitCodes.Usage;
        }

        foreach (var message in messages)
            await host.Error.WriteLineAsync($"slipway: {message}");
        if (suggestion is not null)
            await host.Error.WriteLineAsync($"Did you mean `{suggestion}`?");
        else if (command.Subcommands.Count > 0)
            await host.Error.WriteLineAsync($"Commands: {string.Join(", ", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))}");
        await host.Error.WriteLineAsync($"Run `{path} --help` for what is possible.");
        return ExitCodes.Usage;
    }

    /// <summary>The parser's own sentences that name types of the program instead of what is expected on the command line.</summary>
    private static string Reworded(string message, Command command, string path)
    {
        if (NoNumber().Match(message) is { Success: true } number)
            return $"'{Printable.Line(number.Groups["found"].Value)}' is not a whole number for {number.Groups["option"].Value}.";
        if (NoValue().Match(message) is { Success: true } option)
            return $"{option.Groups["option"].Value} has no value: expected {option.Groups["option"].Value} {command.Options.FirstOrDefault(known => known.Name == option.Groups["option"].Value)?.HelpName ?? "VALUE"}.";
        if (!message.StartsWith("Required argument missing", StringComparison.Ordinal))
            return message;
        var names = string.Join(' ', command.Arguments.Select(argument => argument.Name));
        return $"{names} is missing: expected `{path} {names}`.";
    }

    [GeneratedRegex("^Cannot parse argument '(?<found>.*)' for option '(?<option>[^']*)' as expected type 'System[.]Int32'", RegexOptions.Singleline)]
    private static partial Regex NoNumber();

    [GeneratedRegex("^Required argument missing for option: '(?<option>[^']*)'")]
    private static partial Regex NoValue();

    private static string? Suggest(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var options = command.Options.Concat(GlobalOptions.All).Select(option => option.Name).ToList();
        foreach (var word in parsed.UnmatchedTokens)
        {
            var names = word.StartsWith('-') ? options : [.. command.Subcommands.Select(sub => sub.Name)];
            if (NearestName.Of(word, names) is { } nearest)
                return word.StartsWith('-') ? nearest : $"{PathOf(parsed)} {nearest}";
        }

        return null;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(result.Command is RootCommand ? "slipway" : result.Command.Name);
        return string.Join(' ', names);
    }
}
