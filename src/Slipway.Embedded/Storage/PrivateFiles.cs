namespace Slipway.Embedded.Storage;

/// <summary>
/// Folders and files that are their owner's alone from the moment that they exist: a data folder holds tokens, keys and mails with approval links. On
/// Windows nothing is set: there they have the permissions of the folder that they stand in.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder, and those in which it stands as far as they are missing, mode 0700. What is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (Directory.Exists(path)) return;

        // The system would give the mode to the last folder alone.
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent) CreateFolder(parent);
        Directory.CreateDirectory(path, OwnersFolder);
    }

    /// <summary>Makes a data folder, mode 0700, of which Git takes nothing: it often stands where the sources are. One that is there stays as it is.</summary>
    public static void CreateDataFolder(string path)
    {
        if (Directory.Exists(path)) return;
        CreateFolder(path);
        File.WriteAllText(Path.Combine(path, ".gitignore"), "*\n");
    }

    /// <summary>Makes a file, mode 0600, and opens it for writing. Throws <see cref="IOException"/> when it is there.</summary>
    public static FileStream CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersFile;
        return new FileStream(path, options);
    }

    /// <summary>The mode of a folder into which others of the machine may look or write, as <c>chmod</c> takes it; null: its owner alone may.</summary>
    public static string? ModeForOthers(string folder)
    {
        if (OperatingSystem.IsWindows()) return null;
        var mode = File.GetUnixFileMode(folder);
        return (mode & Others) == 0 ? null : Convert.ToString((int)mode, toBase: 8);
    }
}
