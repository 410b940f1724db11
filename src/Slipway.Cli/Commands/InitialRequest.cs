using System.Text;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Cli.Commands;

/// <summary>A request file that is about to be written.</summary>
/// <param name="Text">Its YAML.</param>
/// <param name="Questions">What its brief leaves open; empty for a sample.</param>
/// <param name="Startable">Whether it can be started as it is.</param>
internal sealed record InitialRequest(string Text, IReadOnlyList<Gap> Questions, bool Startable)
{
    /// <summary>One of the samples of the project.</summary>
    public static InitialRequest Sample(bool full)
    {
        using var stream = typeof(InitialRequest).Assembly.GetManifestResourceStream($"Slipway.Cli.Samples.{(full ? "release-full" : "release")}.yaml")!;
        using var reader = new StreamReader(stream);
        return new InitialRequest(reader.ReadToEnd(), [], !full);
    }

    /// <summary>What a brief says, with <c>TBD</c> and the question where a release needs more.</summary>
    public static Answer<InitialRequest> FromBrief(RequestInput brief, string name, DateTimeOffset now)
    {
        var document = RequestFile.Parse(brief.Bytes, brief.MediaType);
        var reading = ReleaseRequestReader.Read(document);
        if (reading.Request is not { } request || document.Root is not RequestMapping root)
        {
            return new Answer<InitialRequest>.Failed(new CliError
            {
                ExitCode = ExitCodes.Error,
                Kind = "invalid_brief",
                What = $"'{brief.Name}' cannot be taken as a brief",
                Fix = "Correct what is listed; without --from a sample is written.",
                Problems = reading.Problems,
            });
        }

        var questions = IntakeGaps.Analyse(request, IntakeProfile.Brief, now).Gaps;
        var needed = questions.Concat(IntakeGaps.Analyse(request, IntakeProfile.Standard, now).Gaps.Where(gap => gap.Blocking)).DistinctBy(gap => gap.Path).ToList();
        var fields = needed.Where(gap => gap.Path.Split('.').Length == 2 && !gap.Path.Contains('[', StringComparison.Ordinal)).ToList();
        var filled = fields.Aggregate(root, (tree, gap) => WithPlaceholder(tree, gap.Path));
        var text = new StringBuilder($"# From {Printable.Line(brief.Name)}. Fill in what says TBD, then: slipway validate {Printable.Line(name)}\n");
        text.Append(RequestYaml.Write(filled, fields.ToDictionary(gap => gap.Path, gap => gap.Question)));
        foreach (var gap in needed.Except(fields))
            text.Append("# ").Append(gap.Path).Append(": ").Append(gap.Question).Append(' ').Append(gap.NextStep).Append('\n');
        return new Answer<InitialRequest>.Got(new InitialRequest(text.ToString(), questions, false));
    }

    /// <summary>What to do next, in a sentence.</summary>
    public string Next(string name) => Startable
        ? $"Create its flag with `slipway flags create search-v2`, then `slipway start {name}`."
        : $"See what it lacks with `slipway validate {name}`.";

    private static RequestMapping WithPlaceholder(RequestMapping root, string path)
    {
        var (section, key) = (path.Split('.')[0], path.Split('.')[1]);
        var value = new RequestEntry(key, 0, 0, new RequestScalar("TBD", true, 0, 0));
        var known = root.Entries.FirstOrDefault(entry => entry.Key == section);
        var entries = ((known?.Value as RequestMapping)?.Entries ?? []).Where(entry => entry.Key != key).Append(value);
        var entry = new RequestEntry(section, 0, 0, new RequestMapping([.. entries], 0, 0));
        return root with { Entries = known is null ? [.. root.Entries, entry] : [.. root.Entries.Select(old => old == known ? entry : old)] };
    }
}
