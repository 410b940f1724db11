using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Terminal;

/// <summary>How one run of a command speaks: data on stdout, messages on stderr, both plain or JSON.</summary>
/// <param name="host">The machine.</param>
/// <param name="parsed">The command line.</param>
public sealed class CommandIo(CliHost host, ParseResult parsed)
{
    private const string Reset = "\e[0m";

    /// <summary>The machine.</summary>
    public CliHost Host { get; } = host;

    /// <summary>The command line.</summary>
    public ParseResult Parsed { get; } = parsed;

    /// <summary>Whether data is JSON. Then only errors go to stderr, so that nothing has to be filtered.</summary>
    public bool Json { get; } = GlobalOptions.IsJson(parsed);

    /// <summary>Writes one line of data, as it is.</summary>
    public void Data(string line) => Host.Output.WriteLine(line);

    /// <summary>Writes one line of JSON data.</summary>
    public void Data<T>(T value) => Host.Output.WriteLine(JsonSerializer.Serialize(value, SlipwayJson.Options));

    /// <summary>Says what changed or what to do next; silent with <c>--json</c>.</summary>
    public void Say(string message)
    {
        if (!Json)
            Host.Error.WriteLine(CommandHints.Aim(message, Parsed));
    }

    /// <summary>A word in colour where stdout takes colour; the word says it all without.</summary>
    public string Tinted(string word, ConsoleTint tint) =>
        tint != ConsoleTint.None && !Json && GlobalOptions.UseColor(Parsed, Host) ? $"\e[{(int)tint}m{word}{Reset}" : word;

    /// <summary>Writes an error and gives its exit code.</summary>
    public int Fail(CliError error)
    {
        error = error with { Fix = CommandHints.Aim(error.Fix, Parsed) };
        if (Json)
            Host.Error.WriteLine(ToJson(error));
        else
            WritePlain(error);
        return error.ExitCode;
    }

    private void WritePlain(CliError error)
    {
        var why = error.Why.Length == 0 ? "" : $": {Printable.Line(error.Why)}";
        Host.Error.WriteLine($"slipway: {Printable.Line(error.What)}{why}");
        foreach (var problem in error.Problems)
            Host.Error.WriteLine($"  {Printable.Line(problem.ToString())}");
        if (error.Insufficient is { } context)
            InsufficientText.Write(Host.Error, context);
        if (error.Fix.Length > 0)
            Host.Error.WriteLine(Printable.Line(error.Fix));
        if (error.Id.Length > 0)
            Host.Error.WriteLine($"(error id {Printable.Line(error.Id)})");
    }

    /// <summary>The one JSON form of every error.</summary>
    internal static string ToJson(CliError error)
    {
        var json = new JsonObject
        {
            ["schema"] = "slipway.error.v1",
            ["error"] = error.Kind,
            ["exit_code"] = error.ExitCode,
            ["what"] = error.What,
            ["why"] = error.Why,
            ["fix"] = error.Fix,
        };
        if (error.Id.Length > 0)
            json["id"] = error.Id;
        if (error.Problems.Count > 0)
            json["errors"] = JsonSerializer.SerializeToNode<IReadOnlyList<RequestProblem>>(error.Problems, SlipwayJson.Options);
        if (error.Insufficient is { } context)
            json["insufficient_context"] = JsonNode.Parse(context);
        return json.ToJsonString(SlipwayJson.Options);
    }
}

/// <summary>The few colours of the CLI, as terminal codes. Colour never says anything that the word does not say.</summary>
public enum ConsoleTint
{
    /// <summary>No colour.</summary>
    None = 0,

    /// <summary>Bad.</summary>
    Red = 31,

    /// <summary>Good.</summary>
    Green = 32,

    /// <summary>Look here.</summary>
    Yellow = 33,
}
