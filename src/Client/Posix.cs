using System.Runtime.InteropServices;

namespace Ovation.Client;

/// <summary>What the framework has no name for: flushing a directory, so that a rename survives a power cut.</summary>
internal static partial class Posix
{
    public static void SyncDirectory(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw new IOException($"{path} cannot be opened");
        try
        {
            if (Fsync(descriptor) != 0)
                throw new IOException($"{path} cannot be flushed");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
