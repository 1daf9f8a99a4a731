namespace Gateway.Core.Audit.Verification;

/// <summary>What the gateway has signed: that this log's record of this number has this chain value.</summary>
internal sealed record Statement(Guid Log, StatementKind Kind, long Sequence, ChainValue Chain, long Time, bool Closed);
