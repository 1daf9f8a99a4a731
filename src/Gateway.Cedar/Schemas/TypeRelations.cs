using System.Collections.Frozen;

namespace Gateway.Cedar.Schemas;

/// <summary>How types relate, by the reference's strict rules: no two entity types have anything in common.</summary>
internal static class TypeRelations
{
    /// <summary>Whether a value of one type will do where another is expected; records may have more attributes than asked for.</summary>
    public static bool IsAccepted(CedarType actual, CedarType expected) => (actual, expected) switch
    {
        (CedarType.Never, _) => true,
        (CedarType.Boolean one, CedarType.Boolean other) => other.Value is null || one.Value == other.Value,
        (CedarType.Set one, CedarType.Set other) =>
            other.Element is null || (one.Element is not null && IsAccepted(one.Element, other.Element)),
        (CedarType.Entity one, CedarType.Entity other) => other.Name is null || one.Name == other.Name,
        (CedarType.Record, CedarType.Record { IsOpen: true }) => true,
        _ => Join(actual, expected) is not null,
    };

    /// <summary>The least type that holds both, or null where strict validation knows none.</summary>
    public static CedarType? Join(CedarType left, CedarType right)
    {
        // A common type used many times over is one object, and need not be compared to itself.
        if (ReferenceEquals(left, right))
        {
            return left;
        }

        switch (left, right)
        {
            case (CedarType.Never, _):
                return right;
            case (_, CedarType.Never):
                return left;
            case (CedarType.Boolean one, CedarType.Boolean other):
                return one.Value == other.Value ? one : CedarType.AnyBoolean;
            case (CedarType.Set one, CedarType.Set other):
                if (one.Element is null || other.Element is null)
                {
                    return CedarType.AnySet;
                }

                return Join(one.Element, other.Element) is { } element ? new CedarType.Set(element) : null;
            case (CedarType.Record one, CedarType.Record other):
                return JoinRecords(one, other);
            case (CedarType.Entity one, CedarType.Entity other):
                return one.Name == other.Name ? one : null;
            default:
                return left.Equals(right) ? left : null;
        }
    }

    /// <summary>Whether no value can have both types, as far as the validator goes in telling.</summary>
    public static bool AreDisjoint(CedarType left, CedarType right) =>
        left is CedarType.Entity { Name: { } one } && right is CedarType.Entity { Name: { } other } && one != other;

    private static CedarType.Record? JoinRecords(CedarType.Record left, CedarType.Record right)
    {
        if (left.Attributes.Count != right.Attributes.Count)
        {
            return null;
        }

        var joined = new Dictionary<string, AttributeType>(StringComparer.Ordinal);
        foreach (var (name, attribute) in left.Attributes)
        {
            if (!right.Attributes.TryGetValue(name, out var other)
                || attribute.IsRequired != other.IsRequired
                || Join(attribute.Type, other.Type) is not { } type)
            {
                return null;
            }

            joined.Add(name, new(type, attribute.IsRequired));
        }

        return new(joined.ToFrozenDictionary(StringComparer.Ordinal), left.IsOpen || right.IsOpen);
    }
}
