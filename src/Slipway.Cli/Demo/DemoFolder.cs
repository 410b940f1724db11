namespace Slipway.Cli.Demo;

/// <summary>Where the demo leaves what it made: one folder a release.</summary>
internal sealed class DemoFolder
{
    private DemoFolder(string path) => Path = path;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The data folder of the demo's server; it stays, so that a server can be started on it to look around.</summary>
    public string Data => System.IO.Path.Combine(Path, "slipway-data");

    /// <summary>The policy of the demo's server.</summary>
    public string Policy => System.IO.Path.Combine(Path, "demo.policy.yaml");

    /// <summary>
    /// Opens the folder; makes it when it is missing. What an earlier demo left in it is replaced, everything else stays. Throws
    /// <see cref="DemoFailedException"/> when it cannot be written.
    /// </summary>
    public static DemoFolder Open(string path)
    {
        try
        {
            foreach (var scenario in DemoScenario.All)
            {
                var mails = System.IO.Path.Combine(path, scenario.Name, "mails");
                Directory.CreateDirectory(mails);
                foreach (var old in Directory.EnumerateFiles(mails, "*.eml")) File.Delete(old);
                foreach (var name in (string[])["report.json", "ledger.jsonl", "release.yaml"]) File.Delete(System.IO.Path.Combine(path, scenario.Name, name));
            }

            var folder = new DemoFolder(path);
            File.WriteAllText(folder.Policy, "# The demo is a rehearsal on one machine: it runs on Friday evenings too.\ncalendar_rules: false\n");
            folder.RemoveData();
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DemoFailedException($"The folder {path} cannot be written: {error.Message} Name another one with --out DIR.", error);
        }
    }

    /// <summary>Removes what a server keeps, by name, and nothing else; refuses while a server holds the folder.</summary>
    private void RemoveData()
    {
        var held = System.IO.Path.Combine(Data, "slipway.lock");
        if (!File.Exists(held)) return;
        using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            foreach (var name in (string[])["slipway.db", "slipway.db-wal", "slipway.db-shm", "server.json"]) File.Delete(System.IO.Path.Combine(Data, name));
            var outbox = System.IO.Path.Combine(Data, "outbox");
            if (!Directory.Exists(outbox)) return;
            foreach (var mail in Directory.EnumerateFiles(outbox, "*.eml")) File.Delete(mail);
        }
    }

    /// <summary>The full path of a file of one release.</summary>
    public string Of(DemoScenario scenario, string name) => System.IO.Path.Combine(Path, scenario.Name, name);

    /// <summary>Writes one file of one release.</summary>
    public Task WriteAsync(DemoScenario scenario, string name, string text, CancellationToken cancellation) =>
        File.WriteAllTextAsync(Of(scenario, name), text, cancellation);

    /// <summary>Copies mails that the outbox holds, numbered in the order in which they were written.</summary>
    public IReadOnlyList<string> CopyMails(DemoScenario scenario, IEnumerable<FileInfo> mails)
    {
        List<string> copied = [];
        foreach (var mail in mails.OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal))
        {
            var target = Of(scenario, System.IO.Path.Combine("mails", $"{copied.Count + 1:00}.eml"));
            mail.CopyTo(target, overwrite: true);
            copied.Add(target);
        }

        return copied;
    }
}
