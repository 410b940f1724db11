namespace Slipway.Embedded.Storage;

/// <summary>Why a data folder could not be opened.</summary>
public enum StorageOpenProblem
{
    /// <summary>Another process holds the folder.</summary>
    Locked,

    /// <summary>The folder or the database file cannot be written.</summary>
    ReadOnlyFolder,

    /// <summary>The path is not a folder, or a folder stands where the database file belongs.</summary>
    NotAFolder,

    /// <summary>The database file is damaged, truncated or not a database at all. It was left untouched.</summary>
    Corrupt,

    /// <summary>The file is a sound database of another application. It was left untouched.</summary>
    NotSlipway,

    /// <summary>A newer version of Slipway wrote the database. It was left untouched.</summary>
    NewerVersion,

    /// <summary>The file system refused for another reason, which the message quotes.</summary>
    Unusable,
}

/// <summary>A data folder could not be opened. The message says what, why and how to fix it, for the person who started the program.</summary>
public sealed class StorageOpenException(StorageOpenProblem kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of problem.</summary>
    public StorageOpenProblem Kind { get; } = kind;
}
