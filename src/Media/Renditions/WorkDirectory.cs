using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// Where one song is worked on. A lock on a file in it tells work in progress from what a killed process left, also when replicas share a
/// data directory.
/// </summary>
internal sealed class WorkDirectory : IDisposable
{
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);
    private readonly FileStream _lock;

    public WorkDirectory(Settings settings, Song song)
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(Root(settings), $"{song.Id:N}-{song.Fence}")).FullName;
        _lock = new FileStream(LockOf(Path), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    public string Path { get; }

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    /// <summary>Removes the directories that no living process works in.</summary>
    public static void ForgetOrphans(Settings settings, TimeProvider clock)
    {
        if (!Directory.Exists(Root(settings))) return;
        foreach (var directory in new DirectoryInfo(Root(settings)).EnumerateDirectories())
        {
            try
            {
                if (File.Exists(LockOf(directory.FullName))) new FileStream(LockOf(directory.FullName), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                else if (directory.CreationTimeUtc > clock.GetUtcNow() - Young) continue; // somebody is about to lock it
                directory.Delete(recursive: true);
            }
            catch (IOException) { } // at work
        }
    }

    private static string Root(Settings settings) => System.IO.Path.Combine(settings.Data, "work");

    private static string LockOf(string directory) => System.IO.Path.Combine(directory, "lock");
}
