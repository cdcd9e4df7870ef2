using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Relays Artist.withdrawWithSignature.</summary>
internal sealed class OnWithdrawalSigned(StoreIntent intents) : IHandle<WithdrawalSigned>
{
    public Task Handle(WithdrawalSigned message, CancellationToken cancel) => intents.Store(
        message.RequestId, "withdraw", message.AccountId, Sender.Relayer,
        contracts => new Call(
            Address.Parse(message.Contract),
            new WithdrawCall(Address.Parse(message.Payee), Address.Parse(message.To), message.Amount, Hex.ParseQuantity(message.Nonce), message.Deadline)
                .Encode(Hex.Decode(message.Signature)), Address.Parse(message.Payee)),
        cancel);
}
