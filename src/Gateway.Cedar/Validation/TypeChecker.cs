using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Finds the types of a policy's expressions for one kind of request, by the strict rules of the reference.</summary>
/// <remarks>
/// What can never be evaluated is not checked: the right of <c>false &amp;&amp;</c>, the branch of an <c>if</c> not taken.
/// An optional attribute may be read where a <c>has</c> that came out true stands before it.
/// </remarks>
internal sealed class TypeChecker
{
    private readonly CedarSchema _schema;
    private readonly RequestEnvironment _environment;
    private readonly ValidationReport _report;
    private readonly AttributeChecker _attributes;
    private readonly EntityRelationChecker _relations;
    private readonly OperatorChecker _operators;
    private readonly CallChecker _calls;

    public TypeChecker(CedarSchema schema, RequestEnvironment environment, ValidationReport report, Dictionary<Expression, string> printed)
    {
        _schema = schema;
        _environment = environment;
        _report = report;
        _attributes = new(schema, environment, report, this, printed);
        _relations = new(schema, environment, this);
        _operators = new(report, this, _attributes, _relations);
        _calls = new(report, this);
    }

    /// <summary>Checks a policy's scope and clauses, joined by <c>&amp;&amp;</c>.</summary>
    public CedarType CheckAll(IReadOnlyList<Expression> conditions)
    {
        var result = new Typed(CedarType.True);
        foreach (var condition in conditions)
        {
            result = ContinueAnd(result, condition, []);
        }

        return result.Type ?? CedarType.AnyBoolean;
    }

    public Typed Check(Expression expression, ImmutableHashSet<string> known) => expression switch
    {
        Expression.Literal literal => new(TypeOf(literal.Value)),
        Expression.VariableReference reference => new(TypeOf(reference.Variable)),
        Expression.And and => and.Operands.Skip(1).Aggregate(
            Expect(and.Operands[0], known, CedarType.AnyBoolean), (result, operand) => ContinueAnd(result, operand, known)),
        Expression.Or or => or.Operands.Skip(1).Aggregate(
            Expect(or.Operands[0], known, CedarType.AnyBoolean), (result, operand) => ContinueOr(result, operand, known)),
        Expression.Not not => CheckNot(not, known),
        Expression.Negate negate => Fixed(CedarType.Integer, Expect(negate.Operand, known, CedarType.Integer)),
        Expression.IsEmpty isEmpty => Fixed(CedarType.AnyBoolean, Expect(isEmpty.Operand, known, CedarType.AnySet)),
        Expression.Like like => Fixed(CedarType.AnyBoolean, Expect(like.Target, known, CedarType.Text)),
        Expression.If choice => CheckIf(choice, known),
        Expression.Binary binary => _operators.Check(binary, known),
        Expression.GetAttribute attribute => _attributes.CheckGet(attribute, known),
        Expression.HasAttribute has => _attributes.CheckHas(has, known),
        Expression.Is typeTest => _relations.CheckIs(typeTest, known),
        Expression.SetLiteral set => CheckSet(set, known),
        Expression.RecordLiteral record => CheckRecord(record, known),
        Expression.Call call => _calls.Check(call, known),
        _ => new(null),
    };

    /// <summary>Checks an expression that must be of one of the given types; the type is null when it is not.</summary>
    public Typed Expect(Expression expression, ImmutableHashSet<string> known, params ReadOnlySpan<CedarType> expected)
    {
        var actual = Check(expression, known);
        if (actual.Type is null)
        {
            return new(null);
        }

        foreach (var type in expected)
        {
            if (TypeRelations.IsAccepted(actual.Type, type))
            {
                return actual;
            }
        }

        var names = string.Join(" or ", expected.ToArray().Select(static type => $"`{type}`"));
        _report.Error(expression.Span, $"expected {names}, found `{actual.Type}`");
        return new(null);
    }

    public Typed ContinueAnd(Typed left, Expression operand, ImmutableHashSet<string> known)
    {
        if (left.Type is { IsFalse: true })
        {
            return new(CedarType.False);
        }

        var right = Expect(operand, known.Union(left.Known), CedarType.AnyBoolean);
        if (left.Type is null || right.Type is null)
        {
            return new(CedarType.AnyBoolean);
        }

        if (right.Type.IsFalse)
        {
            return new(CedarType.False);
        }

        if (right.Type.IsTrue)
        {
            return new(left.Type, left.Known.Union(right.Known));
        }

        return left.Type.IsTrue ? right : new(CedarType.AnyBoolean, left.Known.Union(right.Known));
    }

    private Typed ContinueOr(Typed left, Expression operand, ImmutableHashSet<string> known)
    {
        if (left.Type is { IsTrue: true })
        {
            return left;
        }

        var right = Expect(operand, known, CedarType.AnyBoolean);
        if (left.Type is null || right.Type is null)
        {
            return new(CedarType.AnyBoolean);
        }

        if (right.Type.IsTrue || left.Type.IsFalse)
        {
            return right;
        }

        return right.Type.IsFalse ? left : new(CedarType.AnyBoolean, left.Known.Intersect(right.Known));
    }

    private Typed CheckNot(Expression.Not not, ImmutableHashSet<string> known) =>
        Expect(not.Operand, known, CedarType.AnyBoolean).Type switch
        {
            CedarType.Boolean { Value: { } value } => new(CedarType.Of(!value)),
            _ => new(CedarType.AnyBoolean),
        };

    private Typed CheckIf(Expression.If choice, ImmutableHashSet<string> known)
    {
        var condition = Expect(choice.Condition, known, CedarType.AnyBoolean);
        if (condition.Type is { IsFalse: true })
        {
            return Check(choice.Else, known);
        }

        var then = Check(choice.Then, known.Union(condition.Known));
        var whenTrue = then.Known.Union(condition.Known);
        if (condition.Type is { IsTrue: true })
        {
            return new(then.Type, whenTrue);
        }

        var otherwise = Check(choice.Else, known);
        var joined = JoinOrReport(choice.Span, [then.Type, otherwise.Type], "the branches of an `if` must have one type");
        return new(joined, otherwise.Known.Intersect(whenTrue));
    }

    private Typed CheckSet(Expression.SetLiteral set, ImmutableHashSet<string> known)
    {
        if (set.Elements.IsEmpty)
        {
            _report.Error(set.Span, "an empty set has no type, expected a set with elements or `.isEmpty()`");
            return new(null);
        }

        CedarType?[] elements = [.. set.Elements.Select(element => Check(element, known).Type)];
        return JoinOrReport(set.Span, elements, "the elements of a set must have one type") is { } element
            ? new(new CedarType.Set(element))
            : new(null);
    }

    private Typed CheckRecord(Expression.RecordLiteral record, ImmutableHashSet<string> known)
    {
        var attributes = new Dictionary<string, AttributeType>(StringComparer.Ordinal);
        var isComplete = true;
        foreach (var (name, value) in record.Attributes)
        {
            if (Check(value, known).Type is { } type)
            {
                attributes[name] = new(type, IsRequired: true);
            }
            else
            {
                isComplete = false;
            }
        }

        return new(isComplete ? new CedarType.Record(attributes.ToFrozenDictionary(StringComparer.Ordinal), IsOpen: false) : null);
    }

    /// <summary>The one type of all; where there is none, the rule that asks for it is reported.</summary>
    public CedarType? JoinOrReport(SourceSpan span, ReadOnlySpan<CedarType?> types, string rule)
    {
        var joined = CedarType.Nothing;
        foreach (var type in types)
        {
            if (type is null)
            {
                return null;
            }

            if (TypeRelations.Join(joined, type) is not { } next)
            {
                _report.Error(span, $"{rule}, found `{joined}` and `{type}`");
                return null;
            }

            joined = next;
        }

        return joined;
    }

    private CedarType? TypeOf(CedarValue literal)
    {
        if (literal.EntityOrNull is { } uid)
        {
            // An unknown entity is reported once for all kinds of request, by the literal checker.
            return LiteralChecker.IsAction(uid.Type) ? _schema.Actions.ContainsKey(uid) ? new CedarType.Entity(uid.Type) : null
                : _schema.EntityTypes.ContainsKey(uid.Type) ? new CedarType.Entity(uid.Type) : null;
        }

        return literal.Kind == ValueKind.Boolean ? CedarType.Of(literal.IsTrue) : CedarType.OfKind(literal.Kind);
    }

    private CedarType TypeOf(Variable variable) => variable switch
    {
        Variable.Principal => new CedarType.Entity(_environment.PrincipalType),
        Variable.Action => new CedarType.Entity(_environment.Action.Uid.Type),
        Variable.Resource => new CedarType.Entity(_environment.ResourceType),
        _ => _environment.Action.Context,
    };

    private static Typed Fixed(CedarType type, Typed _) => new(type);
}
