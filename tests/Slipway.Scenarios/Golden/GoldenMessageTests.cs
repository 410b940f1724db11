using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Slipway.Scenarios.Golden;

/// <summary>Every checkpoint's mail, text and HTML, and every shape of webhook, byte for byte. <c>SLIPWAY_RECORD_GOLDEN=1</c> writes them anew.</summary>
public sealed class GoldenMessageTests
{
    public static TheoryData<string> Stories => [.. MessageStory.All.Keys];

    private static string Folder { get; } = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "Golden", "messages");

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task The_messages_are_as_recorded(string story)
    {
        var folder = Path.Combine(Folder, story);
        var files = await MessageStory.FilesAsync(story);
        if (GoldenFolder.IsRecording)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in files) await File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(files.Keys, Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        foreach (var (name, text) in files)
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken), text);
    }

    [Fact]
    public async Task Every_checkpoint_has_a_mail_and_every_mail_is_as_a_mail_has_to_be()
    {
        var words = new HashSet<string>();
        foreach (var story in MessageStory.All.Keys)
        {
            foreach (var (name, text) in await MessageStory.FilesAsync(story))
            {
                if (name.EndsWith(".txt", StringComparison.Ordinal)) words.Add(text.Split("Subject: [")[1].Split(']')[0]);
                if (name.EndsWith(".html", StringComparison.Ordinal)) IsMail(text);
                if (name.EndsWith(".json", StringComparison.Ordinal)) using (JsonDocument.Parse(text)) { }
            }
        }

        Assert.Equal(["Approval needed", "Breach", "Done", "Held", "Notice", "Review", "Rollback", "Stage", "Started"], words.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_mail_that_asks_to_approve_suffices_without_its_html_part()
    {
        var files = await MessageStory.FilesAsync("course");
        var asked = Asked(files);
        var reminder = files.Where(file => file.Value.Contains("Subject: [Approval needed] Streaming search indexer 2.4.0: Reminder", StringComparison.Ordinal)).ToList();

        foreach (var part in new[]
        {
            "Why it stands here: Stage 1 at 5 %: no limit crossed in", "What it takes to go on: 1 more approval by release-managers; without it the release stops.",
            "Approve: 25 % of users get the new version next, instead of 5 % now.", "Reject: the release stops and every user goes back; one rejection suffices.",
            "whoever holds this mail decides in your name", "Decide here: http://127.0.0.1:5180/approvals/", "Or run: slipway approve ",
        })
            Assert.Contains(part, asked, StringComparison.Ordinal);
        Assert.NotEmpty(reminder);
        Assert.Contains("signed in with your own API key", Asked(await MessageStory.FilesAsync("signed-in")), StringComparison.Ordinal);
    }

    private static string Asked(IReadOnlyDictionary<string, string> files) => files.Values.First(text => text.StartsWith("To: ada@example.com", StringComparison.Ordinal));

    private static void IsMail(string html)
    {
        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.Contains("max-width:600px", html, StringComparison.Ordinal);
        Assert.Contains("font-size:16px", html, StringComparison.Ordinal);
        foreach (var loading in new[] { "<img", "<script", "src=", "@import", "url(", "<link", "<iframe" }) Assert.DoesNotContain(loading, html, StringComparison.OrdinalIgnoreCase);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
