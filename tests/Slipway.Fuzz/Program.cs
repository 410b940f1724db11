using Slipway.Fuzz;
using Slipway.Fuzz.Targets;

if (FuzzOptions.Parse(args) is { } options) return FuzzCommand.Run(options, Console.Out);
Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Slipway.Fuzz -- [--inputs N] [--seconds S] [--seed X | --seed new] [--target T] [--keep CORPUS]");
Console.Error.WriteLine($"targets: {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}");
return 2;
