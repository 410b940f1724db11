using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Planning.Intake;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway init [FILE]</c>: a request to start with.</summary>
public sealed class InitCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write", DefaultValueFactory = _ => "release.yaml" };
        var full = new Option<bool>("--full") { Description = "Write every field, and not only what a release cannot do without" };
        var from = new Option<string?>("--from") { Description = "Take what a brief says, in Markdown with headings PERSONA, TASK, CONTEXT and FORMAT", HelpName = "BRIEF" };
        var force = new Option<bool>("--force") { Description = "Overwrite a file that is there" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the request and write nothing" };
        var command = new Command("init", "Write a commented release.yaml to start with") { file, full, from, force, dryRun };
        command.Validators.Add(result =>
        {
            if (result.GetValue(full) && result.GetValue(from) is not null)
                result.AddError("--full and --from are two ways to fill the file: choose one.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = new CommandIo(host, parsed);
            var name = parsed.GetRequiredValue(file);
            var start = parsed.GetValue(from) is { } brief
                ? await BriefAsync(host, brief, name, cancellation)
                : new Answer<InitialRequest>.Got(InitialRequest.Sample(parsed.GetValue(full)));
            return await start.ThenAsync(io, request => parsed.GetValue(dryRun)
                ? Task.FromResult(Print(io, request))
                : WriteAsync(io, name, request, parsed.GetValue(force), cancellation));
        });
        return command;
    }

    private static async Task<Answer<InitialRequest>> BriefAsync(CliHost host, string brief, string name, CancellationToken cancellation) =>
        await RequestInput.ReadAsync(host, brief, cancellation) switch
        {
            Answer<RequestInput>.Got input => InitialRequest.FromBrief(input.Value, name, host.Time.GetUtcNow()),
            Answer<RequestInput>.Failed failed => new Answer<InitialRequest>.Failed(failed.Error),
            _ => throw new InvalidOperationException("An answer is a value or an error."),
        };

    private static int Print(CommandIo io, InitialRequest request)
    {
        if (io.Json)
            io.Data(new Initialised("", false, request.Text, request.Questions));
        else
            io.Data(request.Text.TrimEnd('\n'));
        return ExitCodes.Done;
    }

    private static async Task<int> WriteAsync(CommandIo io, string name, InitialRequest request, bool force, CancellationToken cancellation)
    {
        try
        {
            var path = Path.GetFullPath(name, io.Host.CurrentDirectory);
            if (Directory.Exists(path))
                return io.Fail(Cannot(name, "it is a directory", "Name the file in it."));
            if (!force && File.Exists(path))
                return io.Fail(Cannot(name, "it is there already", "Name another file, or overwrite it with --force.") with { ExitCode = ExitCodes.Conflict, Kind = "file_exists" });
            await using var stream = new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync(request.Text.AsMemory(), cancellation);
        }
        catch (DirectoryNotFoundException)
        {
            return io.Fail(Cannot(name, "its directory does not exist", "Create the directory first."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return io.Fail(Cannot(name, exception.Message, "Name another file."));
        }

        if (io.Json)
            io.Data(new Initialised(name, true, request.Text, request.Questions));
        foreach (var question in request.Questions)
            io.Say($"Question  {question.Path}: {question.Question}");
        io.Say($"Wrote {name}. {request.Next(name)}");
        return ExitCodes.Done;
    }

    private static CliError Cannot(string name, string why, string fix) => new()
    {
        ExitCode = ExitCodes.Error,
        Kind = "unwritable_file",
        What = $"Cannot write '{name}'",
        Why = why,
        Fix = fix,
    };

    private sealed record Initialised(string File, bool Written, string Text, IReadOnlyList<Gap> Questions)
    {
        public string Schema => "slipway.init.v1";
    }
}
