namespace Ovation.Client;

/// <summary>Files that hold keys, tokens and promises: mode 0600 in directories of 0700, and either the old content or the new after any crash.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a directory, and those above it that are missing, with mode 0700.</summary>
    public static void MakeDirectory(string path)
    {
        // The framework gives the mode to the last of them only.
        var missing = new Stack<string>();
        for (var at = Path.GetFullPath(path); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
            missing.Push(at);
        foreach (var directory in missing)
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Replaces a file: a temporary one beside it, fsync, rename, fsync of the directory. Once this returns, the content survives a power cut.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        MakeDirectory(directory);
        var temporary = $"{path}.{Environment.ProcessId}.new";
        // A crash may have left one of the same process id, perhaps with another mode.
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        Posix.SyncDirectory(directory);
    }

    /// <summary>The content, or null when there is no such file.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Takes a lock that ends with this process, however it ends; null when another has it until <paramref name="patience"/> is over.
    /// </summary>
    public static async Task<IDisposable?> Lock(string path, TimeSpan patience, CancellationToken cancel = default)
    {
        MakeDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerOnly,
                });
            }
            catch (IOException) when (File.Exists(path))
            {
                if (TimeProvider.System.GetElapsedTime(started) > patience)
                    return null;
                await Task.Delay(100, cancel).ConfigureAwait(false);
            }
        }
    }
}
