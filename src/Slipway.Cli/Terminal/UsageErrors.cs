using System.CommandLine;
using System.Text.Json;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Terminal;

/// <summary>A command line that could not be understood: what is wrong, the nearest valid name, and where the help is.</summary>
internal static class UsageErrors
{
    public static async Task<int> WriteAsync(CliHost host, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var messages = parsed.Errors.Select(error => error.Message).Distinct().ToList();
        var suggestion = Suggest(parsed);
        var path = PathOf(parsed);
        if (parsed.Tokens.Any(token => token.Value == "--json"))
        {
            await host.Error.WriteLineAsync(JsonSerializer.Serialize(
                new { schema = "slipway.error.v1", error = "usage", what = string.Join(' ', messages), suggestion, help = $"{path} --help" },
                SlipwayJson.Options));
            return ExitCodes.Usage;
        }

        foreach (var message in messages)
            await host.Error.WriteLineAsync($"slipway: {message}");
        if (suggestion is not null)
            await host.Error.WriteLineAsync($"Did you mean `{suggestion}`?");
        else if (command is RootCommand)
            await host.Error.WriteLineAsync($"Commands: {string.Join(", ", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))}");
        await host.Error.WriteLineAsync($"Run `{path} --help` for what is possible.");
        return ExitCodes.Usage;
    }

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
