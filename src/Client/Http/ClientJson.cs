using System.Text.Json.Serialization;

namespace Ovation.Client.Http;

/// <summary>Every request and answer, with code generated for each: the CLI starts without reflection. Members a later server adds are passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TicketAnswer))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(NewSession))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(AccountRequest))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(ArtistRequest))]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(Artist))]
[JsonSerializable(typeof(WithdrawalRequest))]
[JsonSerializable(typeof(Withdrawal))]
[JsonSerializable(typeof(SongRequest))]
[JsonSerializable(typeof(PublicationRequest))]
[JsonSerializable(typeof(Song))]
[JsonSerializable(typeof(SongList))]
[JsonSerializable(typeof(EncodingProgress))]
[JsonSerializable(typeof(Terms))]
[JsonSerializable(typeof(TabRequest))]
[JsonSerializable(typeof(TopUpRequest))]
[JsonSerializable(typeof(ClosureRequest))]
[JsonSerializable(typeof(Tab))]
[JsonSerializable(typeof(TabList))]
[JsonSerializable(typeof(StatementShown))]
[JsonSerializable(typeof(AuthorisationRequest))]
[JsonSerializable(typeof(Authorisation))]
[JsonSerializable(typeof(AuthorisationList))]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(SettlementRequest))]
[JsonSerializable(typeof(Settlement))]
[JsonSerializable(typeof(Earnings))]
[JsonSerializable(typeof(ChequePage))]
[JsonSerializable(typeof(ChainInfo))]
[JsonSerializable(typeof(FaucetRequest))]
[JsonSerializable(typeof(FaucetAnswer))]
internal sealed partial class ClientJson : JsonSerializerContext;
