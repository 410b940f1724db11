using System.Text.Json;

namespace Slipway.Workflow.Engine;

/// <summary>
/// An input or output on its way between orchestrators and activities, with the JSON in which it is recorded. An engine that keeps values hands
/// them on as they are and makes the JSON only when somebody asks for it; every other one hands on what the JSON says. Such a value must not be
/// changed any more, which holds for every input and output anyway, since a replay would not see the change.
/// </summary>
public sealed class RecordedValue
{
    private readonly object? _value;
    private readonly Func<object?, JsonElement>? _write;
    private JsonElement? _json;
    private RecordedValue? _recorded;
    private object? _read;

    private RecordedValue(object? value, Func<object?, JsonElement> write) => (_value, _write) = (value, write);

    private RecordedValue(JsonElement json, bool readOnce = false) => (_json, ReadOnce) = (json, readOnce);

    private bool ReadOnce { get; }

    /// <summary>The JSON.</summary>
    public JsonElement Json => _json ??= _write!(_value);

    /// <summary>A value that is kept as it is.</summary>
    public static RecordedValue Kept<T>(T value) => new(value, Writer<T>.Write);

    /// <summary>What was recorded.</summary>
    public static RecordedValue Of(JsonElement json) => new(json);

    /// <summary>What another process would find of it: the JSON alone. It is read once, however many replays ask for it.</summary>
    public RecordedValue Recorded() => _write is null ? this : _recorded ??= new RecordedValue(Json, readOnce: true);

    /// <summary>The value: itself where it was kept, otherwise what the JSON says. Throws <see cref="JsonException"/> when that does not have its form.</summary>
    public T Read<T>()
    {
        if (_write is not null && (_value is T || _value is null)) return (T)_value!;
        if (!ReadOnce) return WorkflowRegistry.FromJson<T>(Json);
        if (_read is T known) return known;
        var value = WorkflowRegistry.FromJson<T>(Json);
        _read = value;
        return value;
    }

    private static class Writer<T>
    {
        public static readonly Func<object?, JsonElement> Write = static value => WorkflowRegistry.ToJson((T)value!);
    }
}
