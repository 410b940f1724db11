using Slipway.Benchmarks;
using Slipway.Benchmarks.AzureCost;
using Slipway.Benchmarks.Speed;

if (args is ["all", ..]) return await AllCommand.RunAsync(args[1..]);
if (args is ["azure", ..]) return await AzureCommand.RunAsync(args[1..]);
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
Console.Error.WriteLine("       dotnet run -c Release --project tests/Slipway.Benchmarks -- all [--quick] [--json] [--against FILE] [PART ...]");
Console.Error.WriteLine("       dotnet run -c Release --project tests/Slipway.Benchmarks -- azure [--json | --markdown | --write FILE]");
Console.Error.WriteLine($"parts: {string.Join(", ", VerdictsCommand.Parts.Keys)}");
return 2;
