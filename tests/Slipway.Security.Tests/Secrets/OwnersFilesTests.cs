using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Cli.Hosting;
using Slipway.Core.Releases;
using Slipway.Embedded.Archive;
using Slipway.Embedded.Mail;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Retention;

namespace Slipway.Security.Tests.Secrets;

/// <summary>What a server keeps on a machine is read by its owner alone: approval links of others stand in mails, and secrets in requests. Windows has no
/// such modes.</summary>
public sealed class OwnersFilesTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-owner-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_data_folder_mails_and_archive_are_open_to_nobody_else()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = Data, Port = 0 }, Cancellation);
        var mail = await new OutboxMailer(server.OutboxDirectory, TimeProvider.System).SendAsync(
            new OutgoingMail(new Guid("6f0c5a52-3c0e-4f5b-9b1e-0d9f3a1c7e11"), "dana@example.com", "Dana", "Approve", "Hello\n", "<p>Hello</p>\n", "search-v2"), Cancellation);
        var archive = Path.Combine(Data, "archive");
        await new FolderReleaseArchive(archive).PutAsync(
            ReleaseId.Parse("search-v2"), [new ArchivedFile("documents/plan.md", "text/markdown", "# Plan")], new ArchiveMark(DateTimeOffset.UnixEpoch, Purged: false), Cancellation);
        var release = Path.Combine(archive, "search-v2");

        string[] kept = [Data, server.OutboxDirectory, mail, archive, release, Path.Combine(release, "documents"), Path.Combine(release, "documents", "plan.md"), Path.Combine(release, "mark.json")];
        foreach (var path in kept) Assert.True((File.GetUnixFileMode(path) & Others) == 0, $"{path}: {File.GetUnixFileMode(path)}");
    }

    [Fact]
    public async Task A_server_says_at_its_start_that_others_may_look_into_its_folder_and_serves_all_the_same()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Empty(await SaidOfTheFolderAsync());
        File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);

        var said = Assert.Single(await SaidOfTheFolderAsync());

        Assert.Contains(Data, said, StringComparison.Ordinal);
        Assert.Contains("(mode 750): chmod 700 closes it", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Git_takes_nothing_of_a_data_folder_that_a_server_makes_and_one_that_was_there_stays_as_it_is()
    {
        await SaidOfTheFolderAsync();
        var ignored = Path.Combine(Data, ".gitignore");
        Assert.Equal("*\n", await File.ReadAllTextAsync(ignored, Cancellation));
        File.Delete(ignored);

        await SaidOfTheFolderAsync();

        Assert.False(File.Exists(ignored));
    }

    /// <summary>Starts and stops a server, and gives what its log says of the folder.</summary>
    private async Task<IReadOnlyList<string>> SaidOfTheFolderAsync()
    {
        using var log = new Warnings();
        await using (await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = Data, Port = 0, Logging = builder => builder.AddProvider(log) }, Cancellation))
        {
            return [.. log.Lines.Where(line => line.StartsWith(Data, StringComparison.Ordinal))];
        }
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) _lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
