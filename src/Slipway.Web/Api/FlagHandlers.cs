using Microsoft.AspNetCore.Http;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Api;

/// <summary>A flag as App Configuration's key-value API shows it.</summary>
/// <param name="Etag">Version of the value.</param>
/// <param name="Key"><c>.appconfig.featureflag/</c> and the name.</param>
/// <param name="Label">Always null: there are no labels.</param>
/// <param name="ContentType">App Configuration's content type of flags.</param>
/// <param name="Value">The flag's JSON, verbatim, as text.</param>
public sealed record FlagItem(string Etag, string Key, string? Label, string ContentType, string Value)
{
    /// <summary>What the keys of flags start with.</summary>
    public const string Prefix = ".appconfig.featureflag/";

    /// <summary>The item of a flag.</summary>
    public static FlagItem Of(FlagState flag) =>
        new(flag.ETag, Prefix + flag.Name, null, "application/vnd.microsoft.appconfig.ff+json;charset=utf-8", flag.Json);
}

/// <summary>All flags.</summary>
/// <param name="Items">Ascending by name.</param>
public sealed record FlagList(IReadOnlyList<FlagItem> Items);

/// <summary>What applications read, and creating a flag that is off.</summary>
internal sealed class FlagHandlers(IFlagStore store, IFlagCreator creator)
{
    public async Task ListAsync(ApiRequest request)
    {
        var items = new List<FlagItem>();
        foreach (var name in await store.ListAsync(request.Cancellation))
        {
            // A flag may be deleted between the list and the read.
            if (await store.ReadAsync(name, request.Cancellation) is { } flag)
                items.Add(FlagItem.Of(flag));
        }

        await request.WriteAsync(StatusCodes.Status200OK, new FlagList(items));
    }

    public async Task GetAsync(ApiRequest request)
    {
        var name = NameOf(request);
        if (await store.ReadAsync(name, request.Cancellation) is { } flag)
        {
            request.Http.Response.Headers.ETag = $"\"{flag.ETag}\"";
            await request.WriteAsync(StatusCodes.Status200OK, FlagItem.Of(flag));
            return;
        }

        await request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status404NotFound, "no_such_flag", "No such flag",
            $"There is no flag '{name}'.", $"Create it with `slipway flags create {name}`, or list the flags with GET /flags."));
    }

    // A slash within a segment stays escaped in a decoded path; '%' itself is in no flag name, so this is the only reading.
    private static string NameOf(ApiRequest request) => request.Values["name"].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public async Task CreateAsync(ApiRequest request)
    {
        var name = NameOf(request);
        if (FlagJson.NameProblem(name) is { } problem)
        {
            const string Expected = "1 to 200 characters without '%', ':' and control characters";
            await request.WriteAsync(ApiProblems.Invalid(
                "Invalid flag name", $"The flag was not created: {problem}.", "Choose another name.", [RequestProblem.At("name", $"'{name}'", Expected)]));
            return;
        }

        var creation = await creator.CreateOffAsync(name, request.Cancellation);
        request.Http.Response.Headers.Location = $"/flags/{Uri.EscapeDataString(name)}";
        request.Http.Response.Headers.ETag = $"\"{creation.Flag.ETag}\"";
        await request.WriteAsync(creation.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK, FlagItem.Of(creation.Flag));
    }
}
