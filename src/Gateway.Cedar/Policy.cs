using System.Collections.Frozen;
using System.Collections.Immutable;
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
