using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway list</c>: all releases, newest first.</summary>
public sealed class ListCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var limit = new Option<int>("--limit") { Description = "At most this many (1 to 200)", HelpName = "N", DefaultValueFactory = _ => 50 };
        var skip = new Option<int>("--skip") { Description = "Leave out this many of the newest", HelpName = "N" };
        limit.Validators.Add(result => Between(result, limit, 1, 200));
        skip.Validators.Add(result => Between(result, skip, 0, 1_000_000));
        var command = new Command("list", "List the releases, newest first") { limit, skip };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            var answer = await client.ListAsync(parsed.GetValue(skip), parsed.GetValue(limit), cancellation);
            return await answer.ThenAsync(io, page => Task.FromResult(Write(io, page)));
        }));
        return command;
    }

    private static int Write(CommandIo io, Slipway.Web.Api.ReleasePage page)
    {
        if (io.Json)
        {
            io.Data(page);
            return ExitCodes.Done;
        }

        if (page.Releases.Count == 0)
        {
            io.Say(page.Skip == 0 ? "No releases yet. Start the first with `slipway start release.yaml`." : "No releases behind these.");
            return ExitCodes.Done;
        }

        foreach (var line in SummaryText.Table(page.Releases, io))
            io.Data(line);
        io.Say(page.Next is null
            ? "Look at one with `slipway show ID`, follow one with `slipway watch ID`."
            : $"There are more: `slipway list --skip {page.Skip + page.Releases.Count}`.");
        return ExitCodes.Done;
    }

    private static void Between(System.CommandLine.Parsing.OptionResult result, Option<int> option, int smallest, int largest)
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && (number < smallest || number > largest))
            result.AddError($"{option.Name} is {number}: expected {smallest} to {largest}.");
    }
}
