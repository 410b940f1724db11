namespace Slipway.Security.Tests.Hostile;

/// <summary>What an attacker writes into a field: markup, handlers, script addresses, headers, Markdown and Slack links, each with its own number.</summary>
internal static class HostileText
{
    /// <summary>Begins every mark; nothing of the product has it.</summary>
    public const string Mark = "zq7";

    /// <summary>Texts for one field, the worst first: what the reader refuses is tried again shorter and on one line.</summary>
    public static IEnumerable<string> For(int number)
    {
        var mark = $"{Mark}{number}";
        yield return $"{Line(mark)}\r\nBcc: {mark}@evil.example\r\nX-{mark}: 1\n\n<{mark}>\n# {mark}\n</script>";
        yield return Line(mark);
        yield return $"{mark}\"'><img src=x onerror={mark}()>";
        yield return $"{mark}<svg/onload={mark}>";
        yield return $"{mark}\"'<b>";
    }

    /// <summary>The worst on one line.</summary>
    public static string Line(string mark) =>
        $"{mark}\"'><script>{mark}()</script><img src=x onerror={mark}()><a href=\"javascript:{mark}()\" onmouseover={mark}()>k</a> [k](javascript:{mark}) ![k](data:text/html,{mark}) <https://evil.example/{mark}|k> <!channel> *k* `k` | {{{{7*7}}}} %0d%0aSet-Cookie:{mark}=1 \u202E{mark}";
}
