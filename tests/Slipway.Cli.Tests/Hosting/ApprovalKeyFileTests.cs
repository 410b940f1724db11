using Slipway.Cli.Hosting;

namespace Slipway.Cli.Tests.Hosting;

public sealed class ApprovalKeyFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-keys-");

    private string KeyFile => Path.Combine(_folder.FullName, ApprovalKeyFile.Name);

    [Fact]
    public void Of_SameFolder_KeepsItsKeyAndOnlyTheOwnerReadsIt()
    {
        var first = ApprovalKeyFile.Of(_folder.FullName, Now);

        Assert.Equal(first.Signing.Id, ApprovalKeyFile.Of(_folder.FullName, Now.AddDays(90)).Signing.Id);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void Of_OldKey_SignsWithANewOneAndStillKnowsTheOneBefore()
    {
        var first = ApprovalKeyFile.Of(_folder.FullName, Now).Signing.Id;
        var second = ApprovalKeyFile.Of(_folder.FullName, Now.AddDays(91));
        var third = ApprovalKeyFile.Of(_folder.FullName, Now.AddDays(182));

        Assert.NotEqual(first, second.Signing.Id);
        Assert.NotNull(second.Find(first));
        Assert.NotNull(third.Find(second.Signing.Id));
        Assert.Null(third.Find(first));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""[{"id":"a","secret":"AAAA","created_at":"2026-12-01T09:00:00Z"}]""")]
    [InlineData("""[{"id":"a","secret":"%%","created_at":"2026-12-01T09:00:00Z"}]""")]
    public void Of_DamagedKeyFileIsASentenceAndTheFileStays(string text)
    {
        File.WriteAllText(KeyFile, text);

        var error = Assert.Throws<ServerStartException>(() => ApprovalKeyFile.Of(_folder.FullName, Now));

        Assert.Contains(KeyFile, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(KeyFile));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
