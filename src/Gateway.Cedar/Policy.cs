using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using Gateway.Cedar.Evaluation;
using Gateway.Cedar.Json;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>One policy, ready to be evaluated.</summary>
public sealed class Policy
{
    private FrozenDictionary<string, string>? _annotations;

    internal Policy(string id, PolicySyntax syntax, int order, string? templateId = null)
    {
        Id = id;
        Syntax = syntax;
        Order = order;
        TemplateId = templateId;
        Conditions = [.. syntax.Conditions.Select(static clause => Compiler.Compile(clause.Body))];
        AsReason = [this];
    }

    /// <summary>Its name in decisions, unique in its set.</summary>
    public string Id { get; }

    /// <summary>Whether it permits or forbids.</summary>
    public Effect Effect => Syntax.Effect;

    /// <summary>Its annotations; one without a value has the value "".</summary>
    public IReadOnlyDictionary<string, string> Annotations =>
        _annotations ??= Syntax.Annotations.ToFrozenDictionary(static a => a.Name, static a => a.Value ?? "", StringComparer.Ordinal);

    /// <summary>Where it begins.</summary>
    public SourcePosition Position => Syntax.Source.PositionOf(Syntax.Span.Start);

    /// <summary>The template it was linked from; null of a policy that stands for itself.</summary>
    public string? TemplateId { get; }

    /// <summary>The entities that the scope and the conditions name, in no particular order.</summary>
    public IEnumerable<EntityReference> References =>
        ((ScopeConstraint[])[Syntax.Principal, Syntax.Action, Syntax.Resource])
            .SelectMany(constraint => constraint.Entities.Select(uid => new EntityReference(this, uid, constraint.Span)))
            .Concat(Syntax.Conditions.SelectMany(static clause => ExpressionWalk.All(clause.Body))
                .OfType<Expression.Literal>()
                .Where(static literal => literal.Value.EntityOrNull is not null)
                .Select(literal => new EntityReference(this, literal.Value.EntityOrNull ?? throw new UnreachableException(), literal.Span)));

    internal PolicySyntax Syntax { get; }

    /// <summary>Its place in the set, by which results are ordered.</summary>
    internal int Order { get; }

    internal ImmutableArray<Node> Conditions { get; }

    /// <summary>A list of this policy alone, so that the usual decision, with one reason, allocates none.</summary>
    internal IReadOnlyList<Policy> AsReason { get; }

    /// <summary>The policy as Cedar text, on few lines; <see cref="PolicyFormatter"/> lays it out.</summary>
    public string ToCedar() => PolicyPrinter.Print(Syntax);

    /// <summary>The policy in Cedar's JSON format.</summary>
    public string ToJson() => PolicyWriter.Write(Syntax);

    /// <summary>Which parts of the scope admit a request; the conditions are not looked at.</summary>
    public (bool Principal, bool Action, bool Resource) MatchScope(in CedarRequest request, IEntitySource entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return Explainer.MatchScope(this, new EvaluationFrame(request, entities));
    }

    /// <summary>Id and place.</summary>
    public override string ToString() => $"{Id} ({Position})";

    /// <summary>Evaluates the conditions; the scope is the index's business.</summary>
    /// <returns>True, false or an error.</returns>
    internal CedarValue EvaluateConditions(in EvaluationFrame frame)
    {
        for (var i = 0; i < Conditions.Length; i++)
        {
            var clause = Syntax.Conditions[i];
            var value = Conditions[i].Evaluate(frame);
            if (!value.Is(ScalarTag.Boolean))
            {
                return EvaluationError.WrongType(clause.Body.Span, value, "bool");
            }

            if (value.IsTrue != clause.IsWhen)
            {
                return CedarValue.False;
            }
        }

        return CedarValue.True;
    }
}
