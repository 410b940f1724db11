using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

public sealed class TextFormTests
{
    [Theory]
    [InlineData("30m", 1800)]
    [InlineData("2h", 7200)]
    [InlineData("90s", 90)]
    [InlineData("1d", 86400)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h 30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("250ms", 0.25)]
    [InlineData(" 0s ", 0)]
    [InlineData("3650d", 315360000)]
    public void Duration_is_read(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("30")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("1w")]
    [InlineData("1H")]
    [InlineData("1,5h")]
    [InlineData("3651d")]
    [InlineData("999999999999999999999d")]
    [InlineData("00:30:00")]
    public void Duration_of_another_form_is_refused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("1h30m", "1h30m")]
    [InlineData("90m", "1h30m")]
    [InlineData("0s", "0s")]
    [InlineData("1d1h1m1s1ms", "1d1h1m1s1ms")]
    [InlineData("1.5ms", "1.5ms")]
    public void Duration_is_written_as_it_is_read_back(string text, string expected)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(expected, DurationText.Format(duration));
        Assert.True(DurationText.TryParse(DurationText.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("gaurdrails", "guardrails")]
    [InlineData("GUARDRAILS", "guardrails")]
    [InlineData("stage", "stages")]
    [InlineData("flgas", "flags")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void Nearest_name_is_the_one_with_the_fewest_changes(string word, string? expected) =>
        Assert.Equal(expected, NearestName.Of(word, ["guardrails", "stages", "flags", "release"]));

    [Theory]
    [InlineData("Tue-Thu 10:00-14:00 Europe/Berlin", "Tue,Wed,Thu 10:00-14:00 Europe/Berlin")]
    [InlineData("17:00-21:00", "17:00-21:00 UTC")]
    [InlineData("Mon,Wed 09:00-12:00 UTC", "Mon,Wed 09:00-12:00 UTC")]
    [InlineData("fri-mon 22:00-6:00", "Mon,Fri,Sat,Sun 22:00-06:00 UTC")]
    [InlineData("Monday - Tuesday, Sat 00:00 - 24:00 America/New_York", "Mon,Tue,Sat 00:00-24:00 America/New_York")]
    public void Window_is_read_and_written(string text, string expected)
    {
        Assert.True(ChangeWindowText.TryParse(text, out var window, out _, out _));
        Assert.Equal(expected, ChangeWindowText.Format(window!));
        Assert.True(ChangeWindowText.TryParse(expected, out var again, out _, out _));
        Assert.Equal(expected, ChangeWindowText.Format(again!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tue")]
    [InlineData("Tue 10:00")]
    [InlineData("10:00-14:60")]
    [InlineData("24:00-01:00")]
    [InlineData("Mon-Tue-Wed 10:00-12:00")]
    [InlineData("10:00-12:00 ../../etc/passwd")]
    [InlineData("10:00-12:00 /etc/localtime")]
    [InlineData("10:00-12:00 W. Europe Standard Time")]
    public void Window_of_another_form_is_refused(string text)
    {
        Assert.False(ChangeWindowText.TryParse(text, out var window, out var expected, out _));
        Assert.Null(window);
        Assert.NotEmpty(expected);
    }
}
