namespace Slipway.Core.Requests.Reading;

/// <summary>
/// Reads one mapping of a request. Every key that is asked for is a known key; <see cref="Close"/> reports the others and those that
/// stand twice. A value of null is a value that is not there, and so is a placeholder such as <c>TBD</c>; the word <c>none</c> for a list
/// or a section says that there is none. Both are noted, for the questions that are asked of the author.
/// </summary>
internal sealed class SectionReader
{
    private readonly ReadingContext _context;
    private readonly RequestMapping _mapping;
    private readonly string _path;
    private readonly string _pattern;
    private readonly List<string> _known = [];

    public SectionReader(ReadingContext context, RequestMapping mapping, string path = "", string? pattern = null)
    {
        _context = context;
        _mapping = mapping;
        _path = path;
        _pattern = pattern ?? path;
    }

    /// <summary>Whether the key has a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A value, or <paramref name="fallback"/> when it is not there or wrong (which is then reported).</summary>
    public T Get<T>(string key, ScalarKind<T> kind, T fallback) => Read(key, kind) is { Ok: true } parsed ? parsed.Value : fallback;

    /// <summary>A value, or null.</summary>
    public T? Maybe<T>(string key, ScalarKind<T> kind)
        where T : struct => Read(key, kind) is { Ok: true } parsed ? parsed.Value : null;

    /// <summary>A value, or null; the word <c>none</c> is null too, where it is no value itself.</summary>
    public T? MaybeText<T>(string key, ScalarKind<T> kind)
        where T : class
    {
        if (Find(key) is RequestScalar { Text: SystemSpec.None } scalar && !kind.Read(scalar).Ok)
        {
            Note(Join(_path, key), AnswerKind.None);
            return null;
        }

        return Read(key, kind) is { Ok: true } parsed ? parsed.Value : null;
    }

    /// <summary>A value that must be there; the placeholder stands in for one that is reported.</summary>
    public T Need<T>(string key, ScalarKind<T> kind, T placeholder)
    {
        if (!Has(key))
            Missing(key, kind.Expected);
        return Get(key, kind, placeholder);
    }

    /// <summary>A nested mapping, or null.</summary>
    public T? Section<T>(string key, Func<SectionReader, T> read)
        where T : class
    {
        if (Find(key) is not { } node || IsNone(key, node))
            return null;
        if (node is RequestMapping mapping)
            return Closed(new SectionReader(_context, mapping, Join(_path, key), Join(_pattern, key)), read);
        Wrong(key, node, "a mapping");
        return null;
    }

    /// <summary>A list of mappings. With <paramref name="name"/>, equal names (the value of <paramref name="nameKey"/>) are reported.</summary>
    public IReadOnlyList<T> Sections<T>(string key, Func<SectionReader, T> read, Func<T, string>? name = null, string nameKey = "name")
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return Items<T>(key, "a list of mappings", RequestLimits.MaxItems, (node, path) =>
        {
            if (node is not RequestMapping mapping)
            {
                _context.Report(path, node, ReadingContext.Describe(node), "a mapping");
                return [];
            }

            var section = new SectionReader(_context, mapping, path, Join(_pattern, key) + "[]");
            var item = Closed(section, read);
            if (name?.Invoke(item) is { Length: > 0 } given && !names.Add(given))
                section.Report(nameKey, $"{ReadingContext.Shorten(given)} a second time", $"a {nameKey} that stands once in {Join(_path, key)}");
            return [item];
        });
    }

    /// <summary>A list of single values.</summary>
    public IReadOnlyList<T> Values<T>(string key, ScalarKind<T> kind, int most = RequestLimits.MaxItems) =>
        Items<T>(key, "a list", most, (node, path) => Parse(path, node, kind) is { Ok: true } parsed ? [parsed.Value] : []);

    /// <summary>A list of single values whose absence is a question: null when it is not there, empty for the word <c>none</c>.</summary>
    public IReadOnlyList<T>? MaybeValues<T>(string key, ScalarKind<T> kind) => Has(key) ? Values(key, kind) : null;

    /// <summary>A list of mappings whose absence is a question: null when it is not there, empty for the word <c>none</c>. Names are unique.</summary>
    public IReadOnlyList<T>? MaybeSections<T>(string key, Func<SectionReader, T> read, Func<T, string>? name = null) =>
        Has(key) ? Sections(key, read, name) : null;

    /// <summary>A mapping whose keys are free names.</summary>
    public IReadOnlyDictionary<string, T> Named<T>(string key, Func<SectionReader, T> read) =>
        Free(key, (path, entry) =>
        {
            if (entry.Value is RequestMapping or RequestScalar { IsNull: true })
            {
                var mapping = entry.Value as RequestMapping ?? RequestMapping.Empty;
                return (true, Closed(new SectionReader(_context, mapping, path, Join(_pattern, key) + ".*"), read));
            }

            _context.Report(path, entry.Value, ReadingContext.Describe(entry.Value), "a mapping");
            return (false, default!);
        });

    /// <summary>A mapping of free names to single values.</summary>
    public IReadOnlyDictionary<string, T> NamedValues<T>(string key, ScalarKind<T> kind) =>
        Free(key, (path, entry) => Parse(path, entry.Value, kind) is { Ok: true } parsed ? (true, parsed.Value) : (false, default!));

    /// <summary>A mapping of free names to lists of single values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<T>> NamedLists<T>(string key, ScalarKind<T> kind)
    {
        var names = Find(key) is RequestMapping mapping ? new SectionReader(_context, mapping, Join(_path, key), Join(_pattern, key) + ".*") : null;
        return Free(key, (path, entry) => (true, names!.Items<T>(entry.Key, "a list", RequestLimits.MaxItems, (node, itemPath) =>
            Parse(itemPath, node, kind) is { Ok: true } parsed ? [parsed.Value] : [])));
    }

    /// <summary>Reports something about a key, at its value when it has one, else at the mapping.</summary>
    public void Report(string key, string found, string expected, string? suggestion = null)
    {
        var node = Entry(key)?.Value ?? _mapping;
        _context.Report(Join(_path, key), node, found, expected, suggestion);
    }

    /// <summary>Reports that a key has to be there.</summary>
    public void Missing(string key, string expected) => Reject(key, expected);

    /// <summary>Reports a key's value as it stands in the file.</summary>
    public void Reject(string key, string expected, string? suggestion = null) =>
        Report(key, Entry(key) is { } entry ? ReadingContext.Describe(entry.Value) : "nothing", expected, suggestion);

    /// <summary>Reports unknown and repeated keys.</summary>
    public void Close()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in _mapping.Entries)
        {
            var path = Join(_path, ReadingContext.Shorten(entry.Key));
            if (!seen.Add(entry.Key))
            {
                _context.Report(path, entry.Line, entry.Column, "the key a second time", "each key once");
            }
            else if (!_known.Contains(entry.Key, StringComparer.Ordinal))
            {
                var suggestion = _context.IsListing ? NearestName.Of(entry.Key, _known) : null;
                _context.Report(path, entry.Line, entry.Column, "an unknown field", $"one of {string.Join(", ", _known)}", suggestion);
            }
        }
    }

    private static T Closed<T>(SectionReader section, Func<SectionReader, T> read)
    {
        var value = read(section);
        section.Close();
        return value;
    }

    private Parsed<T>? Read<T>(string key, ScalarKind<T> kind) => Find(key, kind.KeepsBlank) is { } node ? Parse(Join(_path, key), node, kind) : null;

    private Parsed<T> Parse<T>(string path, RequestNode node, ScalarKind<T> kind)
    {
        var parsed = node is RequestScalar { IsNull: false } scalar ? kind.Read(scalar) : Parsed<T>.Bad();
        if (!parsed.Ok)
            _context.Report(path, node, ReadingContext.Describe(node), parsed.Expected ?? kind.Expected, _context.IsListing ? parsed.Suggestion : null);
        return parsed;
    }

    private IReadOnlyList<T> Items<T>(string key, string expected, int most, Func<RequestNode, string, IReadOnlyList<T>> read)
    {
        if (Find(key) is not { } node || IsNone(key, node))
            return [];
        if (node is not RequestSequence list)
        {
            Wrong(key, node, expected);
            return [];
        }

        if (list.Items.Count == 0)
            Note(Join(_path, key), AnswerKind.None);

        if (list.Items.Count > most)
        {
            Report(key, $"{list.Items.Count} items", $"at most {most} items");
            return [];
        }

        return [.. list.Items.SelectMany((item, index) => Item(item, $"{Join(_path, key)}[{index}]", read))];
    }

    private IReadOnlyList<T> Item<T>(RequestNode node, string path, Func<RequestNode, string, IReadOnlyList<T>> read)
    {
        if (!IsPlaceholder(node))
            return read(node, path);
        Note(path, AnswerKind.Placeholder);
        return [];
    }

    private Dictionary<string, T> Free<T>(string key, Func<string, RequestEntry, (bool Ok, T Value)> read)
    {
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        if (Find(key) is not { } node || IsNone(key, node))
            return values;
        if (node is not RequestMapping mapping)
        {
            Wrong(key, node, "a mapping");
            return values;
        }

        if (mapping.Entries.Count == 0)
            Note(Join(_path, key), AnswerKind.None);

        foreach (var entry in mapping.Entries)
        {
            var path = Join(Join(_path, key), ReadingContext.Shorten(entry.Key));
            if (string.IsNullOrWhiteSpace(entry.Key))
                _context.Report(path, entry.Line, entry.Column, "an empty name", "a name");
            else if (values.ContainsKey(entry.Key))
                _context.Report(path, entry.Line, entry.Column, "the key a second time", "each key once");
            else if (read(path, entry) is (true, var value))
                values.Add(entry.Key, value);
        }

        return values;
    }

    private void Wrong(string key, RequestNode node, string expected) =>
        _context.Report(Join(_path, key), node, ReadingContext.Describe(node), expected);

    private RequestNode? Find(string key, bool keepsBlank = false)
    {
        if (!_known.Contains(key, StringComparer.Ordinal))
        {
            _known.Add(key);
            _context.KnownKeys.Add(Join(_pattern, key));
        }

        if (Entry(key)?.Value is not { } node || node is RequestScalar { IsNull: true })
            return null;
        if (!IsPlaceholder(node) || (keepsBlank && node is RequestScalar blank && string.IsNullOrWhiteSpace(blank.Text)))
            return node;
        Note(Join(_path, key), AnswerKind.Placeholder);
        return null;
    }

    private static bool IsPlaceholder(RequestNode node) => node is RequestScalar { IsNull: false } scalar && PlaceholderText.Is(scalar.Text);

    private bool IsNone(string key, RequestNode node)
    {
        if (node is not RequestScalar { Text: SystemSpec.None })
            return false;
        Note(Join(_path, key), AnswerKind.None);
        return true;
    }

    private void Note(string path, AnswerKind kind) => _context.Answers[path] = kind;

    private RequestEntry? Entry(string key) => _mapping.Entries.FirstOrDefault(entry => entry.Key == key);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
