using Slipway.Core.Documents;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Documents;

/// <summary>Dossiers of the recorded requests, and of requests made from them.</summary>
internal static class SampleDossiers
{
    public static readonly DateTimeOffset At = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> Names { get; } = ["tiny", "authentication", "data-migration"];

    public static string Folder { get; } = Path.Combine(Root(), "tests", "Golden", "documents");

    public static ReleaseDossier Of(string name) => Of(Read(File.ReadAllText(Path.Combine(Folder, name, "request.yaml"))));

    public static ReleaseDossier Of(ReleaseRequest request) => new() { Request = request, Plan = Planner.Draft(request), Gaps = IntakeGaps.Analyse(request), At = At };

    public static ReleaseRequest Read(string yaml)
    {
        var reading = ReleaseRequestReader.Read(YamlRequestDocument.Parse(yaml));
        Assert.Empty(reading.Problems);
        return reading.Request!;
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("the repository's root was not found");
    }
}
