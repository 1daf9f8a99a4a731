namespace Gateway.Core.Audit;

/// <summary>What an entity was before it was changed.</summary>
/// <param name="Version">Null where it had none.</param>
/// <param name="Data">As <see cref="EntityEvent.Data"/>.</param>
internal sealed record EntityState(string? Version, IReadOnlyList<KeyValuePair<string, object>> Data);
