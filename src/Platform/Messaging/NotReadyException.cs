namespace Ovation.Platform;

/// <summary>
/// A handler cannot act yet, through no fault of the message: what it needs is not there. The message waits and is tried again for
/// as long as it takes; it is never parked for this.
/// </summary>
public sealed class NotReadyException(string message) : Exception(message);
