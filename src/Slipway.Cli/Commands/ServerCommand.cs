using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Cli.Commands;

/// <summary>What the commands that talk to a server share: finding it, and reading a release id.</summary>
internal static class ServerCommand
{
    /// <summary>Runs an action with a client for the server of the command line.</summary>
    public static async Task<int> RunAsync(CliHost host, ParseResult parsed, Func<CommandIo, SlipwayClient, Task<int>> action)
    {
        var io = new CommandIo(host, parsed);
        switch (ServerAddress.Find(parsed, host))
        {
            case Answer<ServerAddress>.Got got:
                using (var client = new SlipwayClient(got.Value, host.CreateHttpHandler(got.Value.Url)))
                    return await action(io, client);
            case Answer<ServerAddress>.Failed failed:
                return io.Fail(failed.Error);
            default:
                throw new InvalidOperationException("An answer is a value or an error.");
        }
    }

    /// <summary>Carries on with a value, or ends with the error's exit code.</summary>
    public static Task<int> ThenAsync<T>(this Answer<T> answer, CommandIo io, Func<T, Task<int>> next) => answer switch
    {
        Answer<T>.Got got => next(got.Value),
        Answer<T>.Failed failed => Task.FromResult(io.Fail(failed.Error)),
        _ => throw new InvalidOperationException("An answer is a value or an error."),
    };

    /// <summary>The argument that names a release; anything that cannot be an id is a usage error.</summary>
    public static Argument<ReleaseId> ReleaseArgument() => new("ID")
    {
        Description = "The release's id",
        CustomParser = result =>
        {
            if (ReleaseId.TryParse(result.Tokens[0].Value, out var release))
                return release;
            result.AddError($"'{Printable.Line(result.Tokens[0].Value)}' is not a release id: expected 1 to 80 of a-z, 0-9, '-' and '.', starting and ending with a letter or digit. See `slipway list`.");
            return default;
        },
    };

    /// <summary>An option that takes a duration such as 30m.</summary>
    public static Option<TimeSpan?> DurationOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (DurationText.TryParse(result.Tokens[0].Value, out var duration) && duration > TimeSpan.Zero && duration <= TimeSpan.FromDays(7))
                return duration;
            result.AddError($"'{Printable.Line(result.Tokens[0].Value)}' is not a duration for {name}: expected above zero and up to 7 days, for example 90s, 30m or 2h.");
            return null;
        },
    };
}
