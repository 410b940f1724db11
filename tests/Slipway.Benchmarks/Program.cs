Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Slipway.Benchmarks -- verdicts [--quick] [--json]");
return 2;
