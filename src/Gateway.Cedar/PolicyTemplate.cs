using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>A policy with slots, <c>?principal</c> or <c>?resource</c>; it decides nothing until it is linked.</summary>
public sealed class PolicyTemplate
{
    internal PolicyTemplate(string id, PolicySyntax syntax)
    {
        Id = id;
        Syntax = syntax;
    }

    /// <summary>Its name, unique among policies and templates.</summary>
    public string Id { get; }

    /// <summary>True when it has the slot <c>?principal</c>.</summary>
    public bool HasPrincipalSlot => Syntax.Principal.IsSlot;

    /// <summary>True when it has the slot <c>?resource</c>.</summary>
    public bool HasResourceSlot => Syntax.Resource.IsSlot;

    /// <summary>Where it begins.</summary>
    public SourcePosition Position => Syntax.Source.PositionOf(Syntax.Span.Start);

    internal PolicySyntax Syntax { get; }
}
