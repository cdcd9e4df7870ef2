namespace Ovation.Artists.Withdrawals;

internal enum WithdrawalState
{
    Requested,
    Done,
    Refused,
}

/// <summary>One signed wish to move a payee's money out of the artist's contract; its id is the transaction's request id.</summary>
internal sealed class Withdrawal
{
    public Guid Id { get; set; }
    public Guid AccountId { get; set; }
    public required string Payee { get; set; }
    public required string To { get; set; }
    public long Amount { get; set; }
    public required string Nonce { get; set; }
    public WithdrawalState State { get; set; }
    public string? TxHash { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset RequestedAt { get; set; }

    public void Refuse(string reason) => (State, Reason) = State == WithdrawalState.Requested ? (WithdrawalState.Refused, reason) : (State, Reason);

    public void Finish(string txHash) => (State, TxHash) = (WithdrawalState.Done, txHash);
}
