using Microsoft.AspNetCore.Http;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Api;

/// <summary>A flag as App Configuration's key-value API shows it.</summary>
/// <param name="Etag">Version of the value.</param>
/// <param name="Key"><c>.appconfig.featureflag/</c> and the name.</param>
/// <param name="Label">The label under which the value is kept; null for a flag without one.</param>
/// <param name="ContentType">App Configuration's content type of flags.</param>
/// <param name="Value">The flag's JSON, verbatim, as text.</param>
public sealed record FlagItem(string Etag, string Key, string? Label, string ContentType, string Value)
{
    /// <summary>What the keys of flags start with.</summary>
    public const string Prefix = ".appconfig.featureflag/";

    /// <summary>The item of a flag.</summary>
    public static FlagItem Of(FlagState flag) =>
        new(flag.ETag, Prefix + flag.Name, flag.Label.Length == 0 ? null : flag.Label, "application/vnd.microsoft.appconfig.ff+json;charset=utf-8", flag.Json);
}

/// <summary>All flags.</summary>
/// <param name="Items">Ascending by name and then label.</param>
public sealed record FlagList(IReadOnlyList<FlagItem> Items);

/// <summary>What applications read, and creating a flag that is off.</summary>
internal sealed class FlagHandlers(IFlagStore store, IFlagCreator creator)
{
    private const string LabelParameter = "label";

    /// <summary>All flags; with <c>?label=</c> those of that label alone (the empty one: those without a label).</summary>
    public async Task ListAsync(ApiRequest request)
    {
        var asked = request.Http.Request.Query.ContainsKey(LabelParameter) ? request.Http.Request.Query[LabelParameter].ToString() : null;
        var items = new List<FlagItem>();
        foreach (var key in await store.ListAsync(request.Cancellation))
        {
            // A flag may be deleted between the list and the read.
            if ((asked is null || asked == key.Label) && await store.ReadAsync(key, request.Cancellation) is { } flag)
                items.Add(FlagItem.Of(flag));
        }

        await request.WriteAsync(StatusCodes.Status200OK, new FlagList(items));
    }

    public async Task GetAsync(ApiRequest request)
    {
        if (await KeyOfAsync(request, "read") is not { } key) return;
        if (await store.ReadAsync(key, request.Cancellation) is { } flag)
        {
            request.Http.Response.Headers.ETag = $"\"{flag.ETag}\"";
            await request.WriteAsync(StatusCodes.Status200OK, FlagItem.Of(flag));
            return;
        }

        var labelled = key.Label.Length == 0 ? "" : $" with the label '{key.Label}'";
        await request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status404NotFound, "no_such_flag", "No such flag",
            $"There is no flag '{key.Name}'{labelled}.",
            $"Create it with `slipway flags create {key.Name}{(key.Label.Length == 0 ? "" : $" --label {key.Label}")}`, or list the flags with GET /flags."));
    }

    public async Task CreateAsync(ApiRequest request)
    {
        if (await KeyOfAsync(request, "created") is not { } key) return;
        var creation = await creator.CreateOffAsync(key, request.Cancellation);
        request.Http.Response.Headers.Location = $"/flags/{Uri.EscapeDataString(key.Name)}{(key.Label.Length == 0 ? "" : $"?label={Uri.EscapeDataString(key.Label)}")}";
        request.Http.Response.Headers.ETag = $"\"{creation.Flag.ETag}\"";
        await request.WriteAsync(creation.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, FlagItem.Of(creation.Flag));
    }

    /// <summary>The flag that a request is about; null when it cannot be one, which then is answered.</summary>
    private static async Task<FlagKey?> KeyOfAsync(ApiRequest request, string what)
    {
        // A slash within a segment stays escaped in a decoded path; '%' itself is in no flag name, so this is the only reading.
        var name = request.Values["name"].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var label = request.Http.Request.Query[LabelParameter].ToString();
        if (FlagJson.NameProblem(name) is { } problem)
        {
            const string Expected = "1 to 200 characters without '%', ':', '@' and control characters";
            await request.WriteAsync(ApiProblems.Invalid(
                "Invalid flag name", $"The flag was not {what}: {problem}.", "Choose another name.", [RequestProblem.At("name", $"'{name}'", Expected)]));
            return null;
        }

        if (FlagKey.LabelProblem(label) is { } unfit)
        {
            await request.WriteAsync(ApiProblems.Invalid(
                "Invalid label", $"The flag was not {what}: {unfit}.", "Choose another label.",
                [RequestProblem.At(LabelParameter, $"'{label}'", "at most 100 characters without '@', '*', ',', '\\\\', '%' and control characters")]));
            return null;
        }

        return new FlagKey(name, label);
    }
}
