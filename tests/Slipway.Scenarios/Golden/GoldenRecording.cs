namespace Slipway.Scenarios.Golden;

/// <summary>Records the stories of which nothing is kept before the histories are replayed, when the switch says so; otherwise does nothing.</summary>
public sealed class GoldenRecording : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        if (!GoldenFolder.IsRecording) return;
        var stories = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (name, story) in GoldenStories.All.Where(one => !GoldenFolder.Stories().Contains(one.Key))) stories[name] = await story.RecordAsync();

        // Only now: a story that fails leaves nothing behind.
        GoldenFolder.Add(stories);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
