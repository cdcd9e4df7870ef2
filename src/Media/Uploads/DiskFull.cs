using Ovation.Platform;

namespace Ovation.Media;

/// <summary>Recognises a disk, quota or file-size limit that was reached.</summary>
internal static class DiskFull
{
    private const int FileTooBig = 27, NoSpace = 28, Quota = 122; // EFBIG, ENOSPC, EDQUOT

    public static bool Is(IOException error) => error.HResult is FileTooBig or NoSpace or Quota;

    /// <summary>What a child process said in words.</summary>
    public static IOException Error() => new("No space left on device", NoSpace);

    public static Refusal Refusal { get; } = new(507, "insufficient-storage", "The server has no room left; what arrived is kept, try again later.") { RetryAfter = 60 };
}
