namespace Gateway.Integrations.Postgres;

/// <summary>A call that was found.</summary>
internal sealed record CallRow(long Time, Guid Log, long Sequence, byte[] Event);
