using System.Collections.Immutable;
using System.Text;
using Gateway.Cedar.Schemas;

namespace Gateway.Cedar.Syntax;

/// <summary>Prints expressions on one line with no parentheses beyond those needed; what it prints parses to the same expression.</summary>
internal static class ExpressionPrinter
{
    public static string Print(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression, Precedence.Expression);
        return text.ToString();
    }

    /// <summary>How tightly an expression holds together.</summary>
    public static Precedence PrecedenceOf(Expression expression) => expression switch
    {
        Expression.If => Precedence.Expression,
        Expression.Or => Precedence.Or,
        Expression.And => Precedence.And,
        Expression.HasAttribute or Expression.Like or Expression.Is => Precedence.Relation,
        Expression.Binary binary => PrecedenceOf(binary.Operator),
        Expression.Not or Expression.Negate => Precedence.Unary,
        Expression.Literal { Value: { Kind: ValueKind.Long, Number: < 0 } } => Precedence.Unary,
        _ => Precedence.Member,
    };

    public static string Symbol(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.In => "in",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Contains => "contains",
        BinaryOperator.ContainsAll => "containsAll",
        BinaryOperator.ContainsAny => "containsAny",
        BinaryOperator.GetTag => "getTag",
        _ => "hasTag",
    };

    private static Precedence PrecedenceOf(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Add or BinaryOperator.Subtract => Precedence.Sum,
        BinaryOperator.Multiply => Precedence.Product,
        >= BinaryOperator.Contains => Precedence.Member,
        _ => Precedence.Relation,
    };

    private static void Append(StringBuilder text, Expression expression, Precedence required)
    {
        var needsParentheses = PrecedenceOf(expression) < required;
        text.Append(needsParentheses ? "(" : "");
        AppendBare(text, expression);
        text.Append(needsParentheses ? ")" : "");
    }

    private static void AppendBare(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                text.Append(literal.Value.ToString());
                break;
            case Expression.VariableReference reference:
                text.Append(ScopeParser.NameOf(reference.Variable));
                break;
            case Expression.Not not:
                text.Append('!');
                Append(text, not.Operand, Precedence.Member);
                break;
            case Expression.Negate negate:
                AppendNegation(text, negate);
                break;
            case Expression.And and:
                AppendJoined(text, and.Operands, " && ", Precedence.Relation);
                break;
            case Expression.Or or:
                AppendJoined(text, or.Operands, " || ", Precedence.And);
                break;
            case Expression.Binary binary:
                AppendBinary(text, binary);
                break;
            case Expression.If choice:
                text.Append("if ");
                Append(text, choice.Condition, Precedence.Expression);
                text.Append(" then ");
                Append(text, choice.Then, Precedence.Expression);
                text.Append(" else ");
                Append(text, choice.Else, Precedence.Expression);
                break;
            case Expression.HasAttribute has:
                Append(text, has.Target, Precedence.Sum);
                text.Append(" has ").Append(has.Path.Length == 1 ? TypePrinter.NameOf(has.Path[0]) : string.Join('.', has.Path));
                break;
            case Expression.Like like:
                Append(text, like.Target, Precedence.Sum);
                text.Append(" like ").Append(like.Pattern);
                break;
            case Expression.Is typeTest:
                Append(text, typeTest.Target, Precedence.Sum);
                text.Append(" is ").Append(typeTest.EntityType);
                if (typeTest.In is not null)
                {
                    text.Append(" in ");
                    Append(text, typeTest.In, Precedence.Sum);
                }

                break;
            case Expression.GetAttribute attribute:
                Append(text, attribute.Target, Precedence.Member);
                text.Append(AccessOf(attribute.Name));
                break;
            case Expression.IsEmpty isEmpty:
                Append(text, isEmpty.Operand, Precedence.Member);
                text.Append(".isEmpty()");
                break;
            case Expression.SetLiteral set:
                text.Append('[');
                AppendJoined(text, set.Elements, ", ", Precedence.Expression);
                text.Append(']');
                break;
            case Expression.RecordLiteral record:
                AppendRecord(text, record);
                break;
            case Expression.Call call:
                AppendCall(text, call);
                break;
        }
    }

    /// <summary><c>.name</c>, or <c>["name"]</c> where it is no identifier.</summary>
    public static string AccessOf(string attribute)
    {
        var name = TypePrinter.NameOf(attribute);
        return name[0] == '"' ? $"[{name}]" : "." + name;
    }

    // `-5` is a literal; the negation of the literal 5 keeps its parentheses, or it would become one.
    private static void AppendNegation(StringBuilder text, Expression.Negate negate)
    {
        text.Append('-');
        if (negate.Operand is Expression.Literal { Value.Kind: ValueKind.Long })
        {
            text.Append('(');
            AppendBare(text, negate.Operand);
            text.Append(')');
        }
        else
        {
            Append(text, negate.Operand, Precedence.Member);
        }
    }

    private static void AppendBinary(StringBuilder text, Expression.Binary binary)
    {
        var precedence = PrecedenceOf(binary.Operator);
        if (precedence == Precedence.Member)
        {
            Append(text, binary.Left, Precedence.Member);
            text.Append('.').Append(Symbol(binary.Operator)).Append('(');
            Append(text, binary.Right, Precedence.Expression);
            text.Append(')');
            return;
        }

        Append(text, binary.Left, precedence == Precedence.Relation ? Precedence.Sum : precedence);
        text.Append(' ').Append(Symbol(binary.Operator)).Append(' ');
        Append(text, binary.Right, precedence + 1);
    }

    private static void AppendRecord(StringBuilder text, Expression.RecordLiteral record)
    {
        text.Append('{');
        var separator = "";
        foreach (var (name, value) in record.Attributes)
        {
            text.Append(separator).Append(TypePrinter.NameOf(name)).Append(": ");
            Append(text, value, Precedence.Expression);
            separator = ", ";
        }

        text.Append('}');
    }

    private static void AppendCall(StringBuilder text, Expression.Call call)
    {
        var arguments = call.Arguments;
        if (call.Function.IsMethod)
        {
            Append(text, arguments[0], Precedence.Member);
            text.Append('.');
            arguments = arguments[1..];
        }

        text.Append(call.Function.Name).Append('(');
        AppendJoined(text, arguments, ", ", Precedence.Expression);
        text.Append(')');
    }

    private static void AppendJoined(StringBuilder text, ImmutableArray<Expression> expressions, string separator, Precedence required)
    {
        for (var i = 0; i < expressions.Length; i++)
        {
            text.Append(i == 0 ? "" : separator);
            Append(text, expressions[i], required);
        }
    }
}
