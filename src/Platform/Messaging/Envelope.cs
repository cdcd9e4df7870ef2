using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ovation.Platform;

/// <summary>How a message and its answer look on the wire (AMQP 0-9-1).</summary>
internal static class Envelope
{
    private const string Attempt = "ovation-attempt", Consumer = "ovation-consumer", TraceParent = "traceparent";

    /// <summary>RabbitMQ counts here how often a quorum queue gave the message to somebody who did not acknowledge it.</summary>
    private const string DeliveryCount = "x-delivery-count";

    public static BasicProperties Of(OutboxRow row, string publisher)
    {
        var headers = new Dictionary<string, object?> { [Attempt] = row.Attempts + 1 };
        if (row.TraceParent is { } trace) headers[TraceParent] = trace;
        return new BasicProperties
        {
            MessageId = row.Id.ToString(),
            Type = row.Type,
            ReplyTo = Topology.AnswersKey(publisher),
            ContentType = "application/json",
            Persistent = true,
            Headers = headers,
        };
    }

    public static BasicProperties AnswerTo(Received received, Delivery outcome) => new()
    {
        CorrelationId = received.Message.Id.ToString(),
        Type = outcome.ToString(),
        Persistent = true,
        Headers = new Dictionary<string, object?> { [Attempt] = received.Attempt, [Consumer] = received.Consumer },
    };

    /// <summary>Null when it is not a message of ours.</summary>
    public static Received? Read(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        if (!Guid.TryParse(properties.MessageId, out var id) || properties.Type is not { Length: > 0 } type || properties.ReplyTo is not { Length: > 0 } replyTo) return null;
        return new Received(
            new Message(id, type, Encoding.UTF8.GetString(delivery.Body.Span), Text(properties, TraceParent)),
            delivery.RoutingKey, replyTo, (int)Math.Max(1, Number(properties, Attempt)), Number(properties, DeliveryCount));
    }

    /// <summary>Null when it is not an answer of ours.</summary>
    public static Answer? ReadAnswer(IReadOnlyBasicProperties properties) =>
        Guid.TryParse(properties.CorrelationId, out var id) && Enum.TryParse<Delivery>(properties.Type, out var outcome) && Text(properties, Consumer) is { } consumer
            ? new Answer(id, consumer, outcome, (int)Number(properties, Attempt))
            : null;

    private static string? Text(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?.TryGetValue(name, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : null;

    private static long Number(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?.TryGetValue(name, out var value) == true && value is int or long or short or byte ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
}

/// <param name="Attempt">From 1, as the publisher counts.</param>
/// <param name="Redeliveries">How often the broker gave it to somebody who died with it.</param>
internal sealed record Received(Message Message, string Consumer, string ReplyTo, int Attempt, long Redeliveries);

/// <summary>What became of a message with one consumer.</summary>
internal sealed record Answer(Guid MessageId, string Consumer, Delivery Outcome, int Attempt);
