using Slipway.Faults;
using Slipway.Faults.Crowds;
using Slipway.Faults.Kills;
using Xunit.Sdk;

// Real faults on the embedded host. Exit code 1 when something does not hold, 2 for arguments that cannot be read.
if (Arguments.Read(args) is not { } arguments)
{
    await Console.Error.WriteLineAsync($"{string.Join(' ', args)}: {Arguments.Usage}");
    return 2;
}

try
{
    await (arguments.Command switch
    {
        "kills" => KillLoop.RunAsync(arguments.Count, arguments.Seed),
        "load" => CrowdedHour.RunAsync(arguments.Releases),
        _ => QuietWeek.RunAsync(),
    });
    Console.WriteLine("Nothing was found that does not hold.");
    return 0;
}
catch (XunitException finding)
{
    Console.WriteLine($"FOUND: {finding.Message}");
    Console.WriteLine(finding.StackTrace);
    return 1;
}
