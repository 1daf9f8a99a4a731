using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>The identity of an entity, <c>Type::"id"</c>. Its hash is computed once; build it once and keep it.</summary>
public sealed class EntityUid : IEquatable<EntityUid>
{
    private readonly int _hash;

    /// <summary>Names an entity.</summary>
    /// <param name="type">The type with its namespace, <c>Shop::User</c>.</param>
    /// <param name="id">Any text.</param>
    public EntityUid(string type, string id)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(id);
        Type = type;
        Id = id;
        _hash = HashCode.Combine(type, id);
    }

    /// <summary>The type with its namespace.</summary>
    public string Type { get; }

    /// <summary>The id within the type.</summary>
    public string Id { get; }

    /// <summary>Reads <c>Type::"id"</c>, as a policy writes it.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EntityUid? uid)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SourceText("", text);
        var diagnostics = new DiagnosticList(source);
        var cursor = new TokenCursor(source, diagnostics);
        var parsed = new ExpressionParser(cursor).ParseEntity();
        uid = diagnostics.Count == 0 && cursor.IsAtEnd ? parsed : null;
        return uid is not null;
    }

    /// <inheritdoc/>
    public bool Equals(EntityUid? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash
            && string.Equals(Id, other.Id, StringComparison.Ordinal)
            && string.Equals(Type, other.Type, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityUid);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary><c>Type::"id"</c>, with escapes.</summary>
    public override string ToString() => Type + "::" + StringLiteral.Encode(Id);
}
