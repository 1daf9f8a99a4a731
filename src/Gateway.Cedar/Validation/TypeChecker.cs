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

    public TypeChecker(CedarSchema schema, RequestEnvironment environment, ValidationReport report, Dictionary<Expression, string> printed)
    {
        _schema = schema;
        _environment = environment;
        _report = report;
        _attributes = new(schema, report, this, printed);
        _relations = new(schema, environment, this);
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
        Expression.Binary binary => CheckBinary(binary, known),
        Expression.GetAttribute attribute => _attributes.CheckGet(attribute, known),
        Expression.HasAttribute has => _attributes.CheckHas(has, known),
        Expression.Is typeTest => _relations.CheckIs(typeTest, known),
        Expression.SetLiteral set => CheckSet(set, known),
        Expression.RecordLiteral record => CheckRecord(record, known),
        Expression.Call call => CheckCall(call, known),
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

    private Typed CheckBinary(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        switch (binary.Operator)
        {
            case BinaryOperator.Equal:
                return CheckEqual(binary, known);
            case BinaryOperator.NotEqual:
                return CheckEqual(binary, known).Type is CedarType.Boolean { Value: { } value }
                    ? new(CedarType.Of(!value))
                    : new(CedarType.AnyBoolean);
            case BinaryOperator.In:
                return _relations.CheckIn(binary.Left, binary.Right, known);
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply:
                Expect(binary.Left, known, CedarType.Integer);
                Expect(binary.Right, known, CedarType.Integer);
                return new(CedarType.Integer);
            case BinaryOperator.Contains:
                return CheckContains(binary, known);
            case BinaryOperator.ContainsAll or BinaryOperator.ContainsAny:
                var left = Expect(binary.Left, known, CedarType.AnySet);
                var right = Expect(binary.Right, known, CedarType.AnySet);
                JoinOrReport(binary.Span, [left.Type, right.Type], "the two sets must have elements of one type");
                return new(CedarType.AnyBoolean);
            case BinaryOperator.HasTag or BinaryOperator.GetTag:
                return _attributes.CheckTag(binary, known);
            default:
                return CheckComparison(binary, known);
        }
    }

    private Typed CheckEqual(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        var left = Check(binary.Left, known);
        var right = Check(binary.Right, known);
        if (left.Type is not null && right.Type is not null && TypeRelations.AreDisjoint(left.Type, right.Type))
        {
            return new(CedarType.False);
        }

        if (_relations.WithAction(binary.Left) is Expression.Literal one && _relations.WithAction(binary.Right) is Expression.Literal other)
        {
            return new(CedarType.Of(one.Value == other.Value));
        }

        JoinOrReport(binary.Span, [left.Type, right.Type], "what is compared must have one type");
        return new(CedarType.AnyBoolean);
    }

    private Typed CheckContains(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        var set = Expect(binary.Left, known, CedarType.AnySet);
        var element = Check(binary.Right, known);
        if (set.Type is CedarType.Set { Element: { } expected })
        {
            JoinOrReport(binary.Span, [expected, element.Type], "what is looked for must have the type of the set's elements");
        }

        return new(CedarType.AnyBoolean);
    }

    private Typed CheckComparison(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        var left = Check(binary.Left, known).Type;
        var right = Check(binary.Right, known).Type;
        if (left is not null && right is not null && !(IsOrdered(left) && left.Equals(right)))
        {
            _report.Error(
                binary.Span,
                $"`{ExpressionPrinter.Symbol(binary.Operator)}` compares two of `Long`, `datetime` or `duration`, found `{left}` and `{right}`");
        }

        return new(CedarType.AnyBoolean);
    }

    private static bool IsOrdered(CedarType type) =>
        type is CedarType.Long or CedarType.Extension { Kind: ValueKind.DateTime or ValueKind.Duration };

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

    private Typed CheckCall(Expression.Call call, ImmutableHashSet<string> known)
    {
        var function = call.Function;
        var result = new Typed(CedarType.OfKind(function.Result));
        if (call.Arguments.Length != function.Parameters.Length)
        {
            var expected = function.Parameters.Length - (function.IsMethod ? 1 : 0);
            _report.Error(call.Span, $"`{function.Name}` takes {expected} argument{(expected == 1 ? "" : "s")}");
            return result;
        }

        for (var i = 0; i < call.Arguments.Length; i++)
        {
            Expect(call.Arguments[i], known, CedarType.OfKind(function.Parameters[i]));
        }

        if (function.IsConstructor)
        {
            CheckConstructor(call);
        }

        return result;
    }

    // A text that is computed cannot be checked before the request comes.
    private void CheckConstructor(Expression.Call call)
    {
        if (call.Arguments[0] is not Expression.Literal literal)
        {
            _report.Error(call.Arguments[0].Span, $"`{call.Function.Name}` takes a string literal only");
        }
        else if (literal.Value.Kind == ValueKind.String && call.Function.Invoke(literal.Value, default).IsNone)
        {
            _report.Error(literal.Span, $"{literal.Value} is not a valid `{call.Function.Name}`");
        }
    }

    private CedarType? JoinOrReport(SourceSpan span, ReadOnlySpan<CedarType?> types, string rule)
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
