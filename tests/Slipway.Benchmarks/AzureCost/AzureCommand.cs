using Slipway.Benchmarks.AzureCost.Reporting;

namespace Slipway.Benchmarks.AzureCost;

/// <summary>Counts what a release asks of Azure and prints what that costs, and how many go at a time.</summary>
internal static class AzureCommand
{
    /// <summary>Runs it.</summary>
    /// <param name="arguments">What follows the word "azure".</param>
    /// <returns>0; 2: the arguments are not understood.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments is not ([] or ["--json"] or ["--markdown"] or ["--write", _]))
        {
            Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Slipway.Benchmarks -- azure [--json | --markdown | --write FILE]");
            Console.Error.WriteLine("--markdown, also without an option: what stands between the markers of infra/README.md; --write puts it there");
            return 2;
        }

        var model = await AzureModel.CountAsync();
        if (arguments is ["--write", var file]) await File.WriteAllTextAsync(file, AzureMarkdown.Replace(await File.ReadAllTextAsync(file), model));
        else Console.Write(arguments is ["--json"] ? AzureJson.Write(model) + "\n" : AzureMarkdown.Write(model));
        return 0;
    }
}
