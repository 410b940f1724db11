using Slipway.Embedded.Engine.Persistence;

namespace Slipway.Embedded.Engine;

/// <summary>What one round of the loop has to do, by instance, in the order of arrival.</summary>
internal sealed class RoundBatch
{
    public OrderedDictionary<string, List<TurnInput>> Inputs { get; } = new(StringComparer.Ordinal);

    /// <summary>Instances whose inbox is to be read.</summary>
    public HashSet<string> Woken { get; } = new(StringComparer.Ordinal);

    /// <summary>Activities that failed and are tried again later.</summary>
    public List<ActivityWork> Postponed { get; } = [];

    /// <summary>Whether there was anything at all.</summary>
    public bool Received { get; set; }

    public void Wake(string instance)
    {
        Woken.Add(instance);
        InputsOf(instance);
    }

    public void Add(string instance, TurnInput input) => InputsOf(instance).Add(input);

    public void Add(ActivityWork ended, HistoryEvent input) =>
        Add(ended.Key.Instance, new TurnInput(input, ended.Key.Run, Activity: ended.Key));

    /// <summary>Adds the end of an activity, unless it is there.</summary>
    public void Offer(string instance, TurnInput end)
    {
        if (!InputsOf(instance).Exists(input => input.Activity == end.Activity))
            Add(instance, end);
    }

    private List<TurnInput> InputsOf(string instance)
    {
        if (!Inputs.TryGetValue(instance, out var inputs))
            Inputs.Add(instance, inputs = []);
        return inputs;
    }
}
