using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Slipway.Web.Api;

/// <summary>A posted form. A field that comes twice counts as missing: nothing may depend on which of both is read.</summary>
internal sealed class FormBody
{
    private const string MediaType = "application/x-www-form-urlencoded";
    private readonly IReadOnlyDictionary<string, StringValues> _fields;

    private FormBody(IReadOnlyDictionary<string, StringValues> fields) => _fields = fields;

    /// <summary>A field; empty when it is not there.</summary>
    public string this[string name] => _fields.TryGetValue(name, out var values) && values.Count == 1 ? values[0] ?? "" : "";

    /// <summary>Whether a request brings a form.</summary>
    public static bool IsForm(HttpRequest request) => BodyReader.MediaType(request) == MediaType;

    /// <summary>Reads the form; null when there is none that can be read, which is answered then.</summary>
    public static async Task<FormBody?> ReadAsync(ApiRequest request, int limit)
    {
        if (!IsForm(request.Http.Request))
        {
            await request.WriteAsync(ApiProblems.WrongMediaType(request.Http.Request.ContentType, MediaType));
            return null;
        }

        if (await BodyReader.ReadAsync(request.Http.Request, limit, request.Cancellation) is not { } bytes)
        {
            await request.WriteAsync(ApiProblems.TooLarge(limit));
            return null;
        }

        if (BodyReader.Text(bytes) is { } text) return new FormBody(QueryHelpers.ParseQuery(text));
        await request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status400BadRequest, "bad_request", "Bad request", "The form is not UTF-8 text.", "Go back, and send it again."));
        return null;
    }
}
