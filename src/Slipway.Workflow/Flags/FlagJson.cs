using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Flags;

/// <summary>
/// App Configuration's feature flag JSON (schema v2), read and patched. Slipway owns <c>enabled</c>, the percentage of one filter and the
/// audience members that a request names; every other member (variants, allocation, telemetry, other filters, unknown ones) stays as it
/// is and where it is. Pure.
/// </summary>
public static class FlagJson
{
    /// <summary>The largest flag in bytes of UTF-8: App Configuration's limit for one setting.</summary>
    public const int MaxBytes = 10 * 1024;

    /// <summary>The longest flag name in characters.</summary>
    public const int MaxNameLength = 200;

    private static readonly JsonSerializerOptions Output = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Input = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Why a text cannot be a flag's name; null when it can.</summary>
    public static string? NameProblem(string name) => name switch
    {
        "" or "." or ".." => "a flag name is empty or only dots; expected 1 to 200 characters",
        { Length: > MaxNameLength } => $"the name has {name.Length} characters; expected at most {MaxNameLength}",
        _ when name.Any(character => character is '%' or ':' || char.IsControl(character)) =>
            "the name contains '%', ':' or a control character; App Configuration refuses those",
        _ when name.Contains('@') => "the name contains '@', which stands before a label",
        _ when name.Trim() != name => "the name starts or ends with white space",
        _ => null,
    };

    /// <summary>The JSON of a new flag that is off. Throws <see cref="FlagFormatException"/> on a name that cannot be.</summary>
    public static string CreateOff(string name, string description)
    {
        if (NameProblem(name) is { } problem) throw new FlagFormatException(name, problem + ".");
        return Write(name, new JsonObject
        {
            ["id"] = name,
            ["description"] = description,
            ["enabled"] = false,
            ["conditions"] = new JsonObject { ["client_filters"] = new JsonArray() },
        });
    }

    /// <summary>
    /// Understands a flag. Exposure is the largest share that the JSON can give to users whom no group or user list names: 0 when
    /// disabled, 100 when enabled without filters; with <c>requirement_type</c> All the smallest of the percentage-carrying filters, with
    /// Any the largest, where a filter that Slipway does not know may let everybody in and counts as 100. Throws
    /// <see cref="FlagFormatException"/> when the JSON is not a flag, or is another flag's.
    /// </summary>
    public static FlagState Parse(FlagKey key, string json, string etag)
    {
        var name = key.Name;
        var root = ReadObject(name, json);
        CheckId(name, root);
        var enabled = FlagFilters.ReadSwitch(name, root["enabled"]);
        var filters = FlagFilters.Of(name, root);
        var audiences = filters.Select(filter => filter.Audience).OfType<JsonObject>().ToList();
        return new FlagState(
            name,
            json,
            etag,
            enabled,
            enabled ? Exposure(filters, FlagFilters.RequiresAll(root)) : Percentage.Zero,
            [.. audiences.SelectMany(FlagAudience.Groups).Distinct(StringComparer.Ordinal)],
            [.. audiences.SelectMany(FlagAudience.Users).Distinct(StringComparer.Ordinal)],
            [.. filters.Select(filter => filter.Name)],
            key.Label);
    }

    /// <summary>
    /// Understands whatever a store holds. What cannot be understood (somebody broke it by hand) counts as enabled for everybody, with the
    /// reason among the rules: so a watch sees the drift, and <see cref="SetExposure"/> can still turn the flag off. Only where it says of itself
    /// that it is disabled it counts as off, whatever its conditions are.
    /// </summary>
    public static FlagState Read(FlagKey key, string json, string etag)
    {
        try
        {
            return Parse(key, json, etag);
        }
        catch (FlagFormatException error)
        {
            var off = IsCertainlyOff(key.Name, json);
            return new FlagState(key.Name, json, etag, !off, off ? Percentage.Zero : Percentage.Full, [], [], [$"unreadable: {error.Problem}"], key.Label);
        }
    }

    /// <summary>Whether a state that was read can be written once more as it is: whether <see cref="Parse"/> understands it too.</summary>
    public static bool IsUnderstood(FlagState flag)
    {
        try
        {
            Parse(flag.Key, flag.Json, flag.ETag);
            return true;
        }
        catch (FlagFormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// The JSON with another exposure. 0 %: disabled (with <see cref="FlagSpec.AudienceAtZero"/> enabled for segments and overrides alone), with the lever's filter kept (or put) at 0, so that enabling it by hand exposes
    /// nobody by default. Above: enabled, the lever's filter at that percentage (100 % included), segments as groups at 100 % and
    /// overrides as users, beside those that are there. Where other filters stand beside the lever, <c>requirement_type</c> becomes All:
    /// with Any they would expose users past the percentage. Doing it twice gives the same text. Turning off never fails: of broken JSON it
    /// keeps what can be kept. Above 0 % throws <see cref="FlagFormatException"/> when the JSON is not a flag, or the lever cannot carry what
    /// is asked.
    /// </summary>
    public static string SetExposure(string json, FlagSpec spec, Percentage exposure)
    {
        try
        {
            return Patch(json, spec, exposure);
        }
        catch (FlagFormatException) when (exposure == Percentage.Zero)
        {
            var off = TurnOff(json, spec.Name);
            try
            {
                return Patch(off, spec, exposure);
            }
            catch (FlagFormatException)
            {
                return off;
            }
        }
    }

    /// <summary>
    /// The document that applications load: <c>feature_management.feature_flags</c> with every flag, as
    /// <c>Microsoft.FeatureManagement</c> reads it from configuration.
    /// </summary>
    public static string Document(IEnumerable<FlagState> flags) => new JsonObject
    {
        ["feature_management"] = new JsonObject
        {
            ["feature_flags"] = new JsonArray([.. flags.Select(flag => (JsonNode)ReadObject(flag.Name, flag.Json))]),
        },
    }.ToJsonString(Output);

    /// <summary>Whether a flag at this exposure is enabled: always above 0 %, and at 0 % only where its segments and overrides shall see it.</summary>
    public static bool IsOn(FlagSpec spec, Percentage exposure) =>
        exposure > Percentage.Zero || (spec.AudienceAtZero && spec.Segments.Count + spec.Overrides.Count > 0);

    private static string Patch(string json, FlagSpec spec, Percentage exposure)
    {
        var root = ReadObject(spec.Name, json);
        CheckId(spec.Name, root);
        root["id"] ??= spec.Name;
        root["enabled"] = IsOn(spec, exposure);
        var lever = FlagFilters.Require(spec.Name, root, spec.Lever);
        lever.SetPercentage(spec.Name, exposure);
        if (IsOn(spec, exposure) && lever.Audience is { } audience)
        {
            FlagAudience.Include(audience, spec.Segments, spec.Overrides);
        }

        return Write(spec.Name, root);
    }

    // Conditions that cannot be read stay as they are where that works; they decide nothing while the flag is disabled.
    private static string TurnOff(string json, string name)
    {
        try
        {
            var root = ReadObject(name, json);
            root["id"] = name;
            root["enabled"] = false;
            if (root["conditions"] is not JsonObject) root["conditions"] = new JsonObject { ["client_filters"] = new JsonArray() };
            return Write(name, root);
        }
        catch (FlagFormatException)
        {
            return CreateOff(name, "");
        }
    }

    private static bool IsCertainlyOff(string name, string json)
    {
        try
        {
            return ReadObject(name, json)["enabled"] is { } enabled && !FlagFilters.ReadSwitch(name, enabled);
        }
        catch (FlagFormatException)
        {
            return false;
        }
    }

    private static Percentage Exposure(List<FlagFilter> filters, bool all)
    {
        if (filters.Count == 0) return Percentage.Full;
        var shares = filters.Select(filter => filter.Share ?? Percentage.Full);
        return all ? shares.Min() : shares.Max();
    }

    private static void CheckId(string name, JsonObject root)
    {
        if (root["id"] is not { } id || id.ToString() == name) return;
        throw new FlagFormatException(name, $"its JSON has the id '{id}'; expected '{name}', since applications look a flag up by its id.");
    }

    private static JsonObject ReadObject(string name, string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxBytes) throw TooLarge(name, json);
        try
        {
            var root = JsonNode.Parse(json, documentOptions: Input) as JsonObject ?? throw new FlagFormatException(name, "its JSON is not an object.");

            // Texts are decoded when they are asked for: half of a surrogate pair would be found anywhere later.
            _ = root.ToJsonString(Output);
            return root;
        }
        catch (JsonException error)
        {
            throw new FlagFormatException(name, $"its JSON cannot be read: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new FlagFormatException(name, "its JSON holds text that is not valid Unicode.", error);
        }
    }

    private static string Write(string name, JsonObject root)
    {
        var json = root.ToJsonString(Output);
        return Encoding.UTF8.GetByteCount(json) <= MaxBytes ? json : throw TooLarge(name, json);
    }

    private static FlagFormatException TooLarge(string name, string json) => new(
        name, $"its JSON has {Encoding.UTF8.GetByteCount(json)} bytes; expected at most {MaxBytes}, the store's limit for one setting.");
}
