using Slipway.Benchmarks;

if (args is ["rehearsals"] or ["rehearsals", "--quick"]) return await RehearsalsCommand.RunAsync(quick: args.Length > 1);
string? only = null;
var (quick, json, understood) = (false, false, args is ["verdicts", ..]);
foreach (var option in args.Skip(1))
{
    if (option == "--quick") quick = true;
    else if (option == "--json") json = true;
    else if (only is null && VerdictsCommand.Parts.ContainsKey(option)) only = option;
    else understood = false;
}

if (understood) return VerdictsCommand.Run(quick, json, only);
Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Slipway.Benchmarks -- verdicts [--quick] [--json] [PART]");
Console.Error.WriteLine("       dotnet run -c Release --project tests/Slipway.Benchmarks -- rehearsals [--quick]");
Console.Error.WriteLine($"parts: {string.Join(", ", VerdictsCommand.Parts.Keys)}");
return 2;
