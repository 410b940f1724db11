using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Releases;

namespace Slipway.Core.Requests.Reading;

/// <summary>The kinds of single values that a request is made of.</summary>
internal static partial class Scalars
{
    /// <summary>Text on one line: it may become part of a mail header, a key or a path.</summary>
    public static ScalarKind<string> Line { get; } = new("text on one line", scalar =>
        scalar.Text.Any(char.IsControl) ? Parsed<string>.Bad() : Parsed<string>.Good(scalar.Text.Trim()));

    /// <summary>A name: text on one line that is not empty.</summary>
    public static ScalarKind<string> Name { get; } = new("a name", scalar =>
        string.IsNullOrWhiteSpace(scalar.Text) || scalar.Text.Any(char.IsControl) ? Parsed<string>.Bad() : Parsed<string>.Good(scalar.Text.Trim()));

    /// <summary>A flag's name: what stands behind an <c>@</c> would be its label, and that is the environment's.</summary>
    public static ScalarKind<string> FlagName { get; } = new("a name without '@', which stands before a label", scalar =>
        Name.Read(scalar) is { Ok: true } name && FlagKey.Problem(name.Value, "") is null ? name : Parsed<string>.Bad());

    /// <summary>A flag's label.</summary>
    public static ScalarKind<string> Label { get; } = new("a label of at most 100 characters without '@', '*', ',', '\\' and '%'", scalar =>
        Line.Read(scalar) is { Ok: true } label && FlagKey.LabelProblem(label.Value) is null ? label : Parsed<string>.Bad(), KeepsBlank: true);

    /// <summary>The name of a resource, which becomes part of commands that people copy: nothing that a shell reads otherwise.</summary>
    public static ScalarKind<string> Resource { get; } = new("a resource's name of letters, digits, '.', '_', '-', '/', ':', '@' and '*', at most 200", scalar =>
        ResourceForm().IsMatch(scalar.Text.Trim()) ? Parsed<string>.Good(scalar.Text.Trim()) : Parsed<string>.Bad());

    /// <summary>Text of any number of lines.</summary>
    public static ScalarKind<string> Prose { get; } = new("text", scalar =>
        scalar.Text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'))
            ? Parsed<string>.Bad("text without control characters")
            : Parsed<string>.Good(scalar.Text.ReplaceLineEndings("\n").Trim()));

    public static ScalarKind<ReleaseId> Id { get; } = new(
        "an id of 1 to 80 of a-z, 0-9, '-' and '.', starting and ending with a letter or digit",
        scalar => ReleaseId.TryParse(scalar.Text, out var id)
            ? Parsed<ReleaseId>.Good(id)
            : Parsed<ReleaseId>.Bad(suggestion: ReleaseId.FromText(scalar.Text).Value));

    public static ScalarKind<bool> Bool { get; } = new("true or false", scalar => (scalar.Quoted, scalar.Text) switch
    {
        (false, "true" or "True" or "TRUE") => Parsed<bool>.Good(true),
        (false, "false" or "False" or "FALSE") => Parsed<bool>.Good(false),
        (true, "true" or "false") => Parsed<bool>.Bad("true or false, without quotes", scalar.Text),
        (_, "yes" or "Yes" or "on" or "On") => Parsed<bool>.Bad(suggestion: "true"),
        (_, "no" or "No" or "off" or "Off") => Parsed<bool>.Bad(suggestion: "false"),
        _ => Parsed<bool>.Bad(),
    });

    public static ScalarKind<DateTimeOffset> Moment { get; } = new(MomentText.Expected, ReadMoment);

    public static ScalarKind<Uri> Url { get; } = new("an absolute http or https URL", ReadUrl);

    public static ScalarKind<string> Mail { get; } = new("a mail address such as dana@example.com", scalar =>
        scalar.Text.Length <= 254 && MailForm().IsMatch(scalar.Text.Trim()) ? Parsed<string>.Good(scalar.Text.Trim()) : Parsed<string>.Bad());

    public static ScalarKind<ChangeWindow> Window { get; } = new(ChangeWindowText.Expected, scalar =>
        ChangeWindowText.TryParse(scalar.Text, out var window, out var expected, out var suggestion)
            ? Parsed<ChangeWindow>.Good(window!)
            : Parsed<ChangeWindow>.Bad(expected, suggestion));

    /// <summary>A time zone.</summary>
    public static ScalarKind<string> Zone { get; } = new(ChangeWindowText.ExpectedZone, scalar =>
        ChangeWindowText.TryZone(scalar.Text, out var suggestion) ? Parsed<string>.Good(scalar.Text) : Parsed<string>.Bad(suggestion: suggestion));

    /// <summary>A date, alone or with a reason after it.</summary>
    public static ScalarKind<Holiday> Holiday { get; } = new("a date such as 2026-12-25, with or without a reason after it", scalar =>
        Line.Read(scalar) is { Ok: true, Value: var line }
        && DateOnly.TryParseExact(line.Split(' ')[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? Parsed<Holiday>.Good(new Holiday(date, line[10..].Trim()))
            : Parsed<Holiday>.Bad());

    /// <summary>A share in percent: <c>0.5%</c>, <c>5 %</c> or <c>5</c>.</summary>
    public static ScalarKind<Percentage> Share { get; } = new("a percentage from 0 to 100, such as 0.5%", scalar =>
        TryPercent(scalar.Text, out var value) && value is >= 0 and <= 100 ? Parsed<Percentage>.Good(new Percentage(value)) : Parsed<Percentage>.Bad());

    /// <summary>The same above zero.</summary>
    public static ScalarKind<Percentage> ShareAboveZero { get; } = new("a percentage above 0 and at most 100, such as 0.5%", scalar =>
        TryPercent(scalar.Text, out var value) && value is > 0 and <= 100 ? Parsed<Percentage>.Good(new Percentage(value)) : Parsed<Percentage>.Bad());

    /// <summary>A latency in milliseconds: <c>250ms</c>, <c>1.5s</c>, or a number of milliseconds.</summary>
    public static ScalarKind<decimal> Latency { get; } = new("a latency above zero, such as 250ms", scalar =>
        (TryNumber(scalar.Text, out var value) || TryMilliseconds(scalar.Text, out value)) && value > 0
            ? Parsed<decimal>.Good(value)
            : Parsed<decimal>.Bad());

    /// <summary>A duration of at least <paramref name="least"/> and at most <paramref name="most"/>.</summary>
    public static ScalarKind<TimeSpan> Duration(TimeSpan least, TimeSpan? most = null)
    {
        var expected = (least, most) switch
        {
            (_, { } upper) => $"a duration from {DurationText.Format(least)} to {DurationText.Format(upper)}, such as 90s or 5m",
            ({ Ticks: 0 }, _) => "a duration such as 90s, 30m or 1h30m",
            _ => "a duration above zero, such as 90s, 30m or 1h30m",
        };
        return new ScalarKind<TimeSpan>(expected, scalar =>
            DurationText.TryParse(scalar.Text, out var duration) && duration >= least && (most is null || duration <= most)
                ? Parsed<TimeSpan>.Good(duration)
                : Parsed<TimeSpan>.Bad());
    }

    /// <summary>A whole number between the bounds, both allowed.</summary>
    public static ScalarKind<long> Whole(long least, long most = 1_000_000_000_000) => new(
        most >= 1_000_000_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number, {least} or more")
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        scalar => !scalar.Quoted && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most
                ? Parsed<long>.Good(value)
                : Parsed<long>.Bad());

    /// <summary>A number of at least <paramref name="least"/>.</summary>
    public static ScalarKind<decimal> Number(decimal least) => new(
        string.Create(CultureInfo.InvariantCulture, $"a number, {least} or more"),
        scalar => !scalar.Quoted && TryNumber(scalar.Text, out var value) && value >= least ? Parsed<decimal>.Good(value) : Parsed<decimal>.Bad());

    /// <summary>Any number.</summary>
    public static ScalarKind<decimal> AnyNumber { get; } = new("a number", scalar =>
        TryNumber(scalar.Text, out var value) ? Parsed<decimal>.Good(value) : Parsed<decimal>.Bad());

    /// <summary>One of the enum's words, in snake_case.</summary>
    public static ScalarKind<TEnum> Word<TEnum>()
        where TEnum : struct, Enum => Words<TEnum>.Kind;

    /// <summary>One of fixed words.</summary>
    public static ScalarKind<string> OneOf(IReadOnlyList<string> words) => new($"one of {string.Join(", ", words)}", scalar =>
        words.Contains(scalar.Text) ? Parsed<string>.Good(scalar.Text) : Parsed<string>.Bad(suggestion: NearestName.Of(scalar.Text, words)));

    private static bool TryNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && Math.Abs(value) < 1_000_000_000_000m;

    private static bool TryPercent(string text, out decimal value)
    {
        var trimmed = text.AsSpan().Trim();
        return TryNumber((trimmed.EndsWith("%") ? trimmed[..^1].TrimEnd() : trimmed).ToString(), out value);
    }

    private static bool TryMilliseconds(string text, out decimal value)
    {
        var ok = DurationText.TryParse(text, out var duration);
        value = duration.Ticks / (decimal)TimeSpan.TicksPerMillisecond;
        return ok;
    }

    private static Parsed<DateTimeOffset> ReadMoment(RequestScalar scalar) =>
        MomentText.TryParse(scalar.Text, out var moment) ? Parsed<DateTimeOffset>.Good(moment) : Parsed<DateTimeOffset>.Bad();

    private static Parsed<Uri> ReadUrl(RequestScalar scalar)
    {
        var text = scalar.Text.Trim();
        if (text.Length > 2000 || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            return Parsed<Uri>.Bad();
        return url.UserInfo.Length == 0 ? Parsed<Uri>.Good(url) : Parsed<Uri>.Bad("a URL without user name and password");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9/*][A-Za-z0-9._/:@*-]{0,199}\z")]
    private static partial Regex ResourceForm();

    [GeneratedRegex($@"\A{MailAddressForm.Pattern}\z")]
    private static partial Regex MailForm();

    private static class Words<TEnum>
        where TEnum : struct, Enum
    {
        private static readonly Dictionary<string, TEnum> Values = Enum.GetValues<TEnum>()
            .ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static ScalarKind<TEnum> Kind { get; } = new($"one of {string.Join(", ", Values.Keys)}", scalar =>
            Values.TryGetValue(scalar.Text, out var value) ? Parsed<TEnum>.Good(value) : Parsed<TEnum>.Bad(suggestion: NearestName.Of(scalar.Text, Values.Keys)));
    }
}
