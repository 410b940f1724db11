using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Slipway.Azure.Tests.Loopback;

namespace Slipway.Azure.Tests.Storage;

/// <summary>
/// Blob storage as its REST reference describes what the adapters use: block and append blobs with metadata, ETags and conditions, ranges,
/// blocks at a position, and lists in pages. One account, any container.
/// </summary>
internal sealed class FakeBlobService : IAsyncDisposable
{
    private readonly SortedDictionary<string, StoredBlob> _blobs = new(StringComparer.Ordinal);
    private readonly List<string> _requests = [];
    private readonly LoopbackHost _host;
    private long _tags;

    public FakeBlobService() => _host = LoopbackHost.Start(AnswerAsync);

    public Uri Url => _host.Url;

    /// <summary>Names in one page of a list.</summary>
    public int PageSize { get; set; } = 5000;

    /// <summary>Answers before it works.</summary>
    public ScriptedAnswers Script { get; } = new();

    /// <summary>What a request waits for before it is looked at; no request does by default.</summary>
    public Func<string, Task> Holds { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called after a request took effect and before it is answered; true: the answer is lost.</summary>
    public Func<string, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Method and path of each request, for example <c>PUT /c/a?comp=appendblock</c>.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public void Forget()
    {
        lock (_requests) _requests.Clear();
    }

    /// <summary>The content of a blob, for tests that look at, or change, what is stored.</summary>
    public byte[] this[string name]
    {
        get
        {
            lock (_blobs) return _blobs[name].Content;
        }

        set
        {
            lock (_blobs) _blobs[name] = _blobs[name] with { Content = value };
        }
    }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_blobs) return [.. _blobs.Keys];
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var query = request.Query;
        var path = Uri.UnescapeDataString(request.Path.Value!.TrimStart('/'));
        var said = $"{request.Method} /{path}{(query["comp"].Count > 0 ? $"?comp={query["comp"]}" : "")}";
        lock (_requests) _requests.Add(said);
        await Holds(said);
        if (await Script.TryAnswerAsync(context)) return;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        Answer answer;
        lock (_blobs)
        {
            answer = (request.Method, query["comp"].ToString()) switch
            {
                ("GET", "list") => List(path, query["prefix"].ToString(), query["marker"].ToString(), query["include"].ToString().Contains("metadata", StringComparison.OrdinalIgnoreCase)),
                ("PUT", "appendblock") => Append(path, body.ToArray(), request.Headers["x-ms-blob-condition-appendpos"]),
                ("PUT", "metadata") => Mark(path, request.Headers),
                ("PUT", _) when query["restype"] == "container" => new Answer(201),
                (_, "") when query["restype"] == "container" => new Answer(200) { Blob = new StoredBlob([], "\"0x0\"", new Dictionary<string, string>(), false) },
                ("PUT", _) => Put(path, body.ToArray(), request.Headers),
                ("DELETE", _) => Delete(path, request.Headers),
                ("GET" or "HEAD", _) => Get(path, request.Headers["x-ms-range"].FirstOrDefault() ?? request.Headers.Range.FirstOrDefault()),
                _ => new Answer(400) { Error = "UnsupportedByTheFake" },
            };
        }

        if (LosesAnswer(said))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Error is { } error) context.Response.Headers["x-ms-error-code"] = error;
        if (answer.Blob is { } blob)
        {
            context.Response.Headers.ETag = blob.Tag;
            context.Response.Headers.LastModified = "Tue, 01 Dec 2026 09:00:00 GMT";
            context.Response.Headers["x-ms-blob-type"] = blob.Appends ? "AppendBlob" : "BlockBlob";
            foreach (var (name, value) in blob.Metadata) context.Response.Headers[$"x-ms-meta-{name}"] = value;
            if (answer.From is { } from) context.Response.Headers.ContentRange = $"bytes {from}-{blob.Content.Length - 1}/{blob.Content.Length}";
        }

        context.Response.ContentLength = request.Method == "HEAD" ? answer.Blob?.Content.Length : answer.Body.Length;
        if (request.Method != "HEAD") await context.Response.Body.WriteAsync(answer.Body);
    }

    private Answer Put(string name, byte[] content, IHeaderDictionary headers)
    {
        if (Unmet(name, headers) is { } unmet) return unmet;
        return new Answer(201) { Blob = _blobs[name] = new StoredBlob(content, NewTag(), Metadata(headers), headers["x-ms-blob-type"] == "AppendBlob") };
    }

    private Answer Mark(string name, IHeaderDictionary headers)
    {
        if (Unmet(name, headers) is { } unmet) return unmet;
        return _blobs.TryGetValue(name, out var there) ? new Answer(200) { Blob = _blobs[name] = there with { Metadata = Metadata(headers), Tag = NewTag() } } : new Answer(404) { Error = "BlobNotFound" };
    }

    private static Dictionary<string, string> Metadata(IHeaderDictionary headers) => headers
        .Where(header => header.Key.StartsWith("x-ms-meta-", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(header => header.Key["x-ms-meta-".Length..], header => header.Value.ToString());

    private Answer Append(string name, byte[] block, string? position)
    {
        if (!_blobs.TryGetValue(name, out var blob)) return new Answer(404) { Error = "BlobNotFound" };
        if (position is not null && position != blob.Content.Length.ToString(CultureInfo.InvariantCulture)) return new Answer(412) { Error = "AppendPositionConditionNotMet" };
        return new Answer(201) { Blob = _blobs[name] = blob with { Content = [.. blob.Content, .. block], Tag = NewTag() } };
    }

    private Answer Delete(string name, IHeaderDictionary headers)
    {
        if (Unmet(name, headers) is { } unmet) return unmet;
        return _blobs.Remove(name) ? new Answer(202) : new Answer(404) { Error = "BlobNotFound" };
    }

    private Answer Get(string name, string? range)
    {
        if (!_blobs.TryGetValue(name, out var blob)) return new Answer(404) { Error = "BlobNotFound" };
        if (range is null) return new Answer(200) { Blob = blob, Body = blob.Content };
        var from = int.Parse(range["bytes=".Length..].Split('-')[0], CultureInfo.InvariantCulture);
        return from >= blob.Content.Length ? new Answer(416) { Error = "InvalidRange" } : new Answer(206) { Blob = blob, Body = blob.Content[from..], From = from };
    }

    private Answer? Unmet(string name, IHeaderDictionary headers)
    {
        var there = _blobs.GetValueOrDefault(name);
        if (headers.IfNoneMatch == "*" && there is not null) return new Answer(409) { Error = "BlobAlreadyExists" };
        if (headers.IfMatch.Count > 0 && there is null) return new Answer(404) { Error = "BlobNotFound" };
        return headers.IfMatch.Count > 0 && headers.IfMatch.ToString().Trim('"') != there!.Tag.Trim('"') ? new Answer(412) { Error = "ConditionNotMet" } : null;
    }

    private Answer List(string container, string prefix, string marker, bool metadata)
    {
        var names = _blobs.Keys.Where(name => name.StartsWith($"{container}/{prefix}", StringComparison.Ordinal) && string.CompareOrdinal(name, marker) >= 0).ToList();
        var page = names.Take(PageSize).Select(name => new XElement(
            "Blob",
            new XElement("Name", name[(container.Length + 1)..]),
            new XElement("Properties", new XElement("Etag", _blobs[name].Tag.Trim('"')), new XElement("Last-Modified", "Tue, 01 Dec 2026 09:00:00 GMT"), new XElement("Content-Length", _blobs[name].Content.Length)),
            metadata ? new XElement("Metadata", _blobs[name].Metadata.Select(entry => new XElement(entry.Key, entry.Value))) : null));
        var list = new XElement("EnumerationResults", new XAttribute("ContainerName", container), new XElement("Blobs", page), new XElement("NextMarker", names.ElementAtOrDefault(PageSize) ?? ""));
        return new Answer(200) { Body = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?>{list.ToString(SaveOptions.DisableFormatting)}") };
    }

    private string NewTag() => $"\"0x{++_tags:X}\"";

    private sealed record StoredBlob(byte[] Content, string Tag, IReadOnlyDictionary<string, string> Metadata, bool Appends);

    private sealed record Answer(int Status)
    {
        public string? Error { get; init; }

        public StoredBlob? Blob { get; init; }

        public byte[] Body { get; init; } = [];

        public int? From { get; init; }
    }
}
