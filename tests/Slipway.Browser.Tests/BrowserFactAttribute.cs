using System.Runtime.CompilerServices;

namespace Slipway.Browser.Tests;

/// <summary>A test that needs a browser: where none is found it is skipped and says so, never passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = Chromium.WhereToGetOne;
        SkipUnless = nameof(Chromium.IsThere);
        SkipType = typeof(Chromium);
    }
}

/// <summary>The same for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = Chromium.WhereToGetOne;
        SkipUnless = nameof(Chromium.IsThere);
        SkipType = typeof(Chromium);
    }
}
