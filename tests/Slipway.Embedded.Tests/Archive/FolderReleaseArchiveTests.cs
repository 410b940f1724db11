using Slipway.Core.Releases;
using Slipway.Embedded.Archive;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Retention;

namespace Slipway.Embedded.Tests.Archive;

public sealed class FolderReleaseArchiveTests : IDisposable
{
    private static readonly ReleaseId Release = ReleaseId.Parse("search-2.4.0");
    private static readonly ArchiveMark Kept = new(new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero), false);
    private static readonly ArchivedFile[] Files = [new("report.json", "application/json", "{\"a\": \"ü\"}"), new("documents/rollout-plan.md", "text/markdown", "# Plan")];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-archive-");
    private readonly FolderReleaseArchive _archive;

    public FolderReleaseArchiveTests() => _archive = new FolderReleaseArchive(PathOf("archive"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task PutAsync_KeepsEachFileAndTheMark_AndReplacesBoth()
    {
        Assert.Empty(await _archive.MarksAsync(Cancellation));
        await _archive.PutAsync(Release, Files, Kept, Cancellation);
        Assert.Equal("{\"a\": \"ü\"}", await File.ReadAllTextAsync(PathOf("archive/search-2.4.0/report.json"), Cancellation));
        Assert.Equal("# Plan", await File.ReadAllTextAsync(PathOf("archive/search-2.4.0/documents/rollout-plan.md"), Cancellation));

        var later = Kept with { Until = Kept.Until.AddHours(1) };
        await _archive.PutAsync(Release, [Files[0] with { Text = "{}" }, Files[1]], later, Cancellation);

        Assert.Equal(later, Assert.Single(await new FolderReleaseArchive(PathOf("archive")).MarksAsync(Cancellation)).Value);
        Assert.Equal("{}", await File.ReadAllTextAsync(PathOf("archive/search-2.4.0/report.json"), Cancellation));
        Assert.DoesNotContain(Directory.GetFiles(PathOf("archive"), "*", SearchOption.AllDirectories), file => file.EndsWith(".draft", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("report.json", null)]
    [InlineData("documents/rollout-plan.md", "# Another plan")]
    [InlineData("mark.json", "{")]
    [InlineData("mark.json", null)]
    public async Task MarksAsync_AReleaseOfWhichAFileIsGoneOrChanged_IsNotKept(string file, string? text)
    {
        await _archive.PutAsync(Release, Files, Kept, Cancellation);
        var path = PathOf($"archive/search-2.4.0/{file}");
        if (text is null) File.Delete(path);
        else await File.WriteAllTextAsync(path, text, Cancellation);

        Assert.Empty(await _archive.MarksAsync(Cancellation));
    }

    [Fact]
    public async Task MarkAsync_WhatIsPurgedStaysPurged_WhateverBecomesOfItsFiles()
    {
        await _archive.PutAsync(Release, Files, Kept, Cancellation);
        await _archive.MarkAsync(Release, Kept with { Purged = true }, Cancellation);
        File.Delete(PathOf("archive/search-2.4.0/report.json"));

        Assert.Equal(Kept with { Purged = true }, (await _archive.MarksAsync(Cancellation))[Release]);
    }

    [Fact]
    public async Task PutAsync_ANameThatLeadsOutOfTheFolder_IsRefused()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _archive.PutAsync(Release, [new("../other/report.json", "application/json", "")], Kept, Cancellation));
        Assert.Contains("'../other/report.json'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutAsync_WhereNothingCanBeWritten_SaysThatTheArchiveIsAway()
    {
        await File.WriteAllTextAsync(PathOf("archive"), "", Cancellation);
        Assert.Equal("archive", (await Assert.ThrowsAsync<PortUnavailableException>(() => _archive.PutAsync(Release, Files, Kept, Cancellation))).System);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
