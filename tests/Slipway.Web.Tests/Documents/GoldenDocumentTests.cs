using Slipway.Core.Documents;

namespace Slipway.Web.Tests.Documents;

/// <summary>Every document of three recorded requests, byte for byte. <c>SLIPWAY_RECORD_DOCUMENTS=1</c> writes them anew.</summary>
public sealed class GoldenDocumentTests
{
    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S001-86")]
    public void The_documents_are_as_recorded(string name)
    {
        var folder = Path.Combine(SampleDossiers.Folder, name);
        var documents = ReleaseDocuments.Render(SampleDossiers.Of(name));
        if (Environment.GetEnvironmentVariable("SLIPWAY_RECORD_DOCUMENTS") == "1")
        {
            foreach (var old in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != "request.yaml")) File.Delete(old);
            foreach (var document in documents) File.WriteAllText(Path.Combine(folder, document.File), document.Text);
        }

        Assert.Equal(
            documents.Select(document => document.File).Append("request.yaml").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(documents, document => Assert.Equal(File.ReadAllText(Path.Combine(folder, document.File)).ReplaceLineEndings("\n"), document.Text));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void The_same_release_always_gives_the_same_bytes(string name) =>
        Assert.Equal(
            ReleaseDocuments.Render(SampleDossiers.Of(name)).Select(document => document.Text),
            ReleaseDocuments.Render(SampleDossiers.Of(name)).Select(document => document.Text));
}
