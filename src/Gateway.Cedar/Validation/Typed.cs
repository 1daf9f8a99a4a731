using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Gateway.Cedar.Schemas;

namespace Gateway.Cedar.Validation;

/// <summary>An expression's type, and what is known to be there once the expression was true.</summary>
/// <param name="Type">Null where a mistake, reported already, left it open.</param>
/// <param name="Known">The optional attributes and tags that may then be read.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Typed(CedarType? Type, ImmutableHashSet<string> Known)
{
    public Typed(CedarType? type)
        : this(type, [])
    {
    }
}
