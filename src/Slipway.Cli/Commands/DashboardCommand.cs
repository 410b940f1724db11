using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway dashboard</c>: a link that signs a browser in once, to the list or to one release.</summary>
public sealed class DashboardCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var release = new Argument<string?>("ID") { Description = "A release's id; left out: the list of releases", Arity = ArgumentArity.ZeroOrOne };
        release.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !ReleaseId.TryParse(token.Value, out _)) result.AddError($"'{token.Value}' is not a release's id: expected 1 to 80 of a-z, 0-9, '-' and '.', starting and ending with a letter or digit.");
        });
        var command = new Command("dashboard", "Print a link that signs a browser in to the pages, once") { release };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            var path = parsed.GetValue(release) is { Length: > 0 } id ? $"/releases/{id}" : "/";
            var answer = await client.SignInLinkAsync(path, cancellation);
            return await answer.ThenAsync(io, receipt =>
            {
                var url = client.UrlOf(receipt.Path);
                if (io.Json) io.Data(new { url, receipt.Name, receipt.GoodFor });
                else io.Data(url);
                io.Say($"Open it in a browser of this machine; it signs in as {receipt.Name}, once, within {receipt.GoodFor / 60} minutes. Whoever has the link can use it.");
                return Task.FromResult(ExitCodes.Done);
            });
        }));
        return command;
    }
}
