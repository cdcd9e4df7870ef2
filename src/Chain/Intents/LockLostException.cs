namespace Ovation.Chain;

/// <summary>Another process holds the lock on a key by now: what was about to be stored under the old token is not.</summary>
internal sealed class LockLostException(string sender) : Exception($"the lock on the {sender} was lost; another process sends now");
