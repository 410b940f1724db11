using Slipway.Cli.Terminal;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Http;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Storage;
using Slipway.Web.Api;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Rescue;

namespace Slipway.Cli.Hosting;

/// <summary><c>slipway rollback ID --direct</c>: brings a release back from the data folder alone, when no server runs on it.</summary>
internal static class DirectRollbackAction
{
    public static async Task<int> RunAsync(CommandIo io, ReleaseId release, string reason, CancellationToken cancellation)
    {
        var folder = GlobalOptions.DataDirectory(io.Parsed, io.Host);

        // Opening would make a folder that is missing, and a mistyped path is no place to look for a release.
        if (!File.Exists(Path.Combine(folder, SlipwayDatabase.FileName)))
        {
            return io.Fail(Error(ExitCodes.Error, "no_data", $"There is no Slipway data in {folder}", "nothing was changed", "Name the folder that the server used with --data DIR."));
        }

        try
        {
            await using var database = SlipwayDatabase.Open(folder);
            return await RunAsync(io, database, folder, release, reason, cancellation);
        }
        catch (StorageOpenException error) when (error.Kind == StorageOpenProblem.Locked)
        {
            return io.Fail(Error(
                ExitCodes.Conflict, "server_running", "A server runs on this data folder", $"{error.Message} Nothing was changed.",
                $"It can roll back itself: `slipway rollback {release}`. Stop it first only when it does not answer."));
        }
        catch (StorageOpenException error)
        {
            return io.Fail(Error(ExitCodes.Error, "storage", "The data folder cannot be opened", $"{error.Message} Nothing was changed.", ""));
        }
    }

    private static async Task<int> RunAsync(
        CommandIo io, SlipwayDatabase database, string folder, ReleaseId release, string reason, CancellationToken cancellation)
    {
        var time = io.Host.Time;
        using var outbound = OutboundHttp.CreateClient();
        var adapters = EmbeddedAdapters.Over(database, outbound, Policy(io, folder), null, new SlipwayServerOptions { DataDirectory = folder, Time = time });
        var journal = new ReleaseJournal(adapters.Ports.Ledger, adapters.Ports.Snapshots, time: time);

        // It never runs: it only keeps the wake-up for the engine that does, later.
        await using var engine = new EmbeddedEngine(database, new WorkflowRegistry(), time);
        var outcome = await new DirectRollback(journal, adapters.Ports, time, new EmbeddedReleaseClient(engine)).RunAsync(release, By(io.Host), reason, cancellation);
        return outcome switch
        {
            DirectOutcome.Done done => Report(io, release, done),
            DirectOutcome.Over over => io.Fail(Error(
                ExitCodes.Conflict, "release_over", $"{release} ended as {PhaseWords.Of(over.Phase)} before",
                over.LeftToDo.Count == 0 ? "nothing was changed" : $"nothing was changed; left to do by hand: {string.Join("; ", over.LeftToDo)}",
                $"Its report, with a server: `slipway show {release} --json`.")),
            DirectOutcome.NotExposed idle => io.Fail(Error(
                ExitCodes.Conflict, "not_exposed", $"{release} is {PhaseWords.Of(idle.Phase)} and has written no flag yet", "there is nothing to bring back; nothing was changed",
                $"With a server, `slipway abort {release}` ends it.")),
            _ => io.Fail(Error(ExitCodes.Error, "no_such_release", "No such release", $"there is no release {release} in {folder}; nothing was changed", "List the releases, with a server, by `slipway list`; or name another folder with --data DIR.")),
        };
    }

    /// <summary>A policy that cannot be read stands in the way of messages to webhooks at most, never of a rollback.</summary>
    private static ServerPolicy Policy(CommandIo io, string folder)
    {
        try
        {
            return PolicyFile.Read(null, folder);
        }
        catch (ServerStartException error)
        {
            io.Say($"{error.Message} The rollback goes on with the built-in policy.");
            return ServerPolicy.Default;
        }
    }

    /// <summary>There is no server that authenticates anybody: whoever may write the folder is who the system says.</summary>
    private static string By(CliHost host) => host.Variable("USER") ?? host.Variable("USERNAME") ?? "the operator of this machine";

    private static int Report(CommandIo io, ReleaseId release, DirectOutcome.Done done)
    {
        var back = done.Ending.Phase == ReleasePhase.RolledBack;
        if (io.Json)
        {
            io.Data(new
            {
                release,
                command = "rollback",
                direct = true,
                outcome = done.Ending.Phase,
                results = done.Results.Select(result => new { kind = result.Kind, target = ShownUrl.Of(result.Target), undone = result.Undone, details = result.Details, drifted = result.Drifted }),
                left_to_do = done.Ending.LeftToDo,
                not_told = done.NotTold,
            });
        }
        else
        {
            foreach (var result in done.Results) io.Data(Printable.Line($"{(result.Undone ? "back" : "NOT BACK")}  {Word(result)} {ShownUrl.Of(result.Target)}: {result.Details}"));
            io.Data($"{release}: {PhaseWords.Of(done.Ending.Phase)}");
        }

        foreach (var todo in done.Ending.LeftToDo) io.Say(Printable.Line($"Left to do by hand: {todo}"));
        if (done.NotTold.Count > 0) io.Say(Printable.Line($"Could not be told: {string.Join(", ", done.NotTold)}"));
        return back
            ? ExitCodes.Done
            : io.Fail(Error(
                ExitCodes.RolledBack, "rollback_incomplete", $"{release} could not be brought back completely", done.Ending.Reason, "Do by hand what is left to do."));
    }

    private static string Word(RestoreResult result) => result.Kind == Core.Ledgers.EffectKind.Flag ? "flag" : "configuration";

    private static CliError Error(int exitCode, string kind, string what, string why, string fix) =>
        new() { ExitCode = exitCode, Kind = kind, What = what, Why = why, Fix = fix };
}
