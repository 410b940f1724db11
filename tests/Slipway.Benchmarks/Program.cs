using Slipway.Benchmarks;

if (args is ["verdicts", .. var options] && options.All(option => option is "--quick" or "--json"))
    return VerdictsCommand.Run(options.Contains("--quick"), options.Contains("--json"));
Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Slipway.Benchmarks -- verdicts [--quick] [--json]");
return 2;
