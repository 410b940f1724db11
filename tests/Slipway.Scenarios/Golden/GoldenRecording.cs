namespace Slipway.Scenarios.Golden;

/// <summary>Records every story anew before the histories are replayed, when the switch says so; otherwise does nothing.</summary>
public sealed class GoldenRecording : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        if (!GoldenFolder.IsRecording) return;
        var stories = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (name, story) in GoldenStories.All) stories[name] = await story.RecordAsync();

        // Only now: a story that fails leaves what is kept as it was.
        GoldenFolder.Replace(stories);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
