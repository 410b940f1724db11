using System.Diagnostics;
using System.Text.Json;
using Slipway.Cli.Client;
using Slipway.Cli.Demo;
using Slipway.Cli.Hosting;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>A real <c>slipway serve</c> in a process of its own, so that it can be killed.</summary>
internal sealed class ServeProcess : IDisposable
{
    private readonly Process _process;

    private ServeProcess(Process process, ServerFile file)
    {
        _process = process;
        File = file;
        Operator = new DemoClient(new Uri(file.Url), file.OperatorToken);
    }

    public ServerFile File { get; }

    public DemoClient Operator { get; }

    /// <summary>Runs a serve that cannot start, to its end.</summary>
    public static async Task<(int ExitCode, string Error)> FailAsync(string data, int port, CancellationToken stop)
    {
        using var process = Launch(data, port, "--no-color");
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var error = await process.StandardError.ReadToEndAsync(stop);
        await output;
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, error);
    }

    public static async Task<ServeProcess> StartAsync(string data, CancellationToken stop)
    {
        // A test runs on any day, Fridays too.
        Directory.CreateDirectory(data);
        await System.IO.File.WriteAllTextAsync(Path.Combine(data, PolicyFile.Name), "calendar_rules: false\n", stop);
        var process = Launch(data, 0, "--json");
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var ready = await process.StandardOutput.ReadLineAsync(limit.Token);
        if (ready is null) Assert.Fail($"slipway serve ended with {process.ExitCode}: {await errors}");
        using var line = JsonDocument.Parse(ready);
        Assert.Equal("slipway.serve.v1", line.RootElement.GetProperty("schema").GetString());
        var file = ServerFile.Read(data);
        Assert.NotNull(file);
        return new ServeProcess(process, file);
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        Operator.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Launch(string data, int port, string option)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "slipway.dll"), "serve", option, "--port", $"{port}", "--data", data])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
