namespace Ovation.Platform;

/// <summary>Carries a module's outbox to the consumers: inside one process (<c>local:</c>) or through RabbitMQ (<c>amqp:</c>).</summary>
internal interface IBus
{
    /// <summary>Sends rows that are due and notes in the outbox what became of them; what was not delivered becomes due again.</summary>
    /// <param name="module">The publisher.</param>
    /// <exception cref="BusAwayException">Nothing can be sent now; the rows are as they were.</exception>
    Task Dispatch(ModuleDb db, string module, IReadOnlyList<OutboxRow> due, CancellationToken cancel);
}

/// <summary>The broker does not answer; messages wait in the outbox.</summary>
internal sealed class BusAwayException(string message, Exception? inner = null) : Exception(message, inner);
