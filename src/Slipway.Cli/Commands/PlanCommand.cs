using System.CommandLine;
using System.Text;
using Slipway.Cli.Rehearsing;
using Slipway.Cli.Terminal;
using Slipway.Core.Documents;
using Slipway.Core.Gates;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Web.Documents;
using Slipway.Web.Requests;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway plan FILE</c>: every document of a release before it starts, without a server: into a folder, or one to the terminal.</summary>
public sealed class PlanCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var file = RequestInput.FileArgument();
        var into = new Option<string?>("--out") { Description = "Write the documents into this folder, which is made where it is not there", HelpName = "DIR" };
        var only = new Option<string?>("--only") { Description = "Only this document; without --out it is printed", HelpName = "NAME" };
        only.CompletionSources.Add([.. ReleaseDocuments.Names]);
        only.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var name }] && ReleaseDocuments.Names.All(known => !Matches(known, name)))
                result.AddError($"There is no document '{name}': expected one of {string.Join(", ", ReleaseDocuments.Names)}.");
        });
        var html = new Option<bool>("--html") { Description = "Beside each document also a page that needs nothing else, to read or print" };
        var command = new Command("plan", "Write the plans, checklists and runbooks of a release, before anything starts") { file, into, only, html };
        command.Validators.Add(result =>
        {
            if (result.GetValue(html) && result.GetValue(into) is null && result.GetValue(only) is null) result.AddError("--html writes pages: say where with --out, or which with --only.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = new CommandIo(host, parsed);
            var input = await RequestInput.ReadAsync(host, parsed.GetRequiredValue(file), cancellation);
            return await input.ThenAsync(io, document => WriteAsync(io, document, parsed.GetValue(into), parsed.GetValue(only), parsed.GetValue(html), cancellation));
        });
        return command;
    }

    private static async Task<int> WriteAsync(CommandIo io, RequestInput input, string? into, string? only, bool html, CancellationToken cancellation)
    {
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(input.Bytes, input.MediaType));
        if (reading.Request is not { } request)
        {
            return io.Fail(new CliError
            {
                ExitCode = ExitCodes.Error,
                Kind = "invalid_request",
                What = $"{input.Name} is not a valid request",
                Problems = reading.Problems,
                Fix = $"Mend it; `slipway validate {input.Name}` says everything that is wrong with it.",
            });
        }

        var (rehearsal, unreadable) = await RehearsalFile.ReadAsync(io.Host, input.Name, null, cancellation);
        var now = io.Host.Time.GetUtcNow();
        var unfit = unreadable is null ? RehearsalProof.Problem(rehearsal, RequestHash.Of(request), now) : $"a file that cannot be read: {unreadable.Why}";
        if ((rehearsal is not null || unreadable is not null) && unfit is not null)
            io.Say($"{RehearseCommand.FileName} beside the request does not count: it is {unfit}. Make it anew with `slipway rehearse {input.Name}`.");
        var dossier = new ReleaseDossier
        {
            Request = request,
            Plan = Planner.Draft(request),
            Gaps = IntakeGaps.Analyse(request, now: now),
            At = now,
            Rehearsal = unfit is null ? rehearsal : null,
            NotRehearsed = unfit,
        };
        var documents = ReleaseDocuments.Render(dossier).Where(document => only is null || Matches(document.Name, only)).ToList();
        if (documents.Count == 0 && only is not null)
        {
            return io.Fail(new CliError
            {
                ExitCode = ExitCodes.Error,
                Kind = "no_such_document",
                What = $"This release has no {only}",
                Why = dossier.Gaps.Insufficient is null ? "there is nothing to say in it yet" : "the request does not say enough for a plan",
                Fix = $"See the questions with `slipway plan {input.Name} --only {DocumentNames.ClarifyingQuestions}`.",
            });
        }

        if (into is null && only is not null)
        {
            io.Data((html ? DocumentHtml.Render(documents[0], dossier.Title) : documents[0].Text).TrimEnd('\n'));
            return Exit(dossier);
        }

        if (into is null)
        {
            foreach (var document in documents) io.Data(document.File);
            io.Say($"Write them with `slipway plan {input.Name} --out DIR`, or print one with --only NAME.");
            return Exit(dossier);
        }

        var written = await SaveAsync(io, into, documents, html ? dossier.Title : null, cancellation);
        if (written is null) return ExitCodes.Error;
        if (io.Json) io.Data(new { schema = "slipway.plan.v1", release = dossier.Plan.ReleaseId, files = written, questions = dossier.Gaps.Gaps, insufficient_context = dossier.Gaps.Insufficient });
        else foreach (var path in written) io.Data(path);
        io.Say(dossier.Gaps.Insufficient is { } insufficient
            ? $"The request does not say enough for a plan: only its questions were written. Next step: {insufficient.NextBestStep}"
            : dossier.Gaps.Gaps.Count > 0 ? $"{dossier.Gaps.Gaps.Count} questions are open; the documents show them." : "No question is open.");
        return Exit(dossier);
    }

    /// <summary>Null when a file could not be written; what was written before stays.</summary>
    private static async Task<IReadOnlyList<string>?> SaveAsync(CommandIo io, string into, IReadOnlyList<ReleaseDocument> documents, string? title, CancellationToken cancellation)
    {
        List<string> written = [];
        try
        {
            var folder = Path.GetFullPath(into, io.Host.CurrentDirectory);
            Directory.CreateDirectory(folder);
            foreach (var document in documents)
            {
                await WriteAsync(document.File, document.Text);
                if (title is not null) await WriteAsync($"{document.Name}.html", DocumentHtml.Render(document, title));
            }

            return written;

            async Task WriteAsync(string file, string text)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, file), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
                written.Add(Path.Combine(into, file));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            io.Fail(new CliError
            {
                ExitCode = ExitCodes.Error,
                Kind = "unwritable_folder",
                What = $"Cannot write into '{into}'",
                Why = exception.Message,
                Fix = "Name a folder that you may write into.",
            });
            return null;
        }
    }

    private static int Exit(ReleaseDossier dossier) => dossier.Gaps.Insufficient is null ? ExitCodes.Done : ExitCodes.Error;

    private static bool Matches(string name, string given) => string.Equals(name, Path.GetFileNameWithoutExtension(given), StringComparison.OrdinalIgnoreCase);
}
