namespace Slipway.Web.OpenApi;

/// <summary>What the OpenAPI document says of one address beyond the route table.</summary>
/// <param name="Route">Method and path as in the route table, for example <c>GET /api/releases/{id}</c>.</param>
/// <param name="Summary">What it does, in one sentence.</param>
public sealed record ApiOperation(string Route, string Summary)
{
    /// <summary>Query parameters.</summary>
    public IReadOnlyList<ApiParameter> Query { get; init; } = [];

    /// <summary>Media types of the body; empty: none.</summary>
    public IReadOnlyList<string> BodyTypes { get; init; } = [];

    /// <summary>The body's schema; null: it is not JSON of ours, or has none.</summary>
    public ApiSchema? Body { get; init; }

    /// <summary>The good answers.</summary>
    public required IReadOnlyList<ApiResponse> Answers { get; init; }

    /// <summary>The statuses that come as problems beside those that every address has.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];
}

/// <summary>A query parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it says, its range and its default.</param>
/// <param name="Type">string or integer.</param>
public sealed record ApiParameter(string Name, string Summary, string Type = "string");

/// <summary>A good answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Summary">When it comes.</param>
/// <param name="MediaType">Its media type; empty: no body.</param>
/// <param name="Schema">Its schema; null: text, or no body.</param>
public sealed record ApiResponse(int Status, string Summary, string MediaType = "application/json", ApiSchema? Schema = null);

/// <summary>A schema: of a type of ours, or one of the two published ones.</summary>
/// <param name="Name">Its name among the components.</param>
/// <param name="Type">The type; null: a published schema of that name.</param>
public sealed record ApiSchema(string Name, Type? Type)
{
    /// <summary>The schema of a type.</summary>
    public static ApiSchema Of<T>() => new(typeof(T).Name, typeof(T));
}
