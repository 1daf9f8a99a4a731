using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary>Turns expressions into nodes. What does not depend on the request is computed here, once.</summary>
internal static class Compiler
{
    public static Node Compile(Expression expression)
    {
        var node = expression switch
        {
            Expression.Literal literal => new ConstantNode(literal.Value),
            Expression.VariableReference reference => new VariableNode(reference.Variable),
            Expression.Not not => new NotNode(Compile(not.Operand), not.Span),
            Expression.Negate negate => new NegateNode(Compile(negate.Operand), negate.Span),
            Expression.IsEmpty isEmpty => new IsEmptyNode(Compile(isEmpty.Operand), isEmpty.Span),
            Expression.And and => new AndNode(CompileAll(and.Operands), SpansOf(and.Operands)),
            Expression.Or or => new OrNode(CompileAll(or.Operands), SpansOf(or.Operands)),
            Expression.If choice => new IfNode(Compile(choice.Condition), Compile(choice.Then), Compile(choice.Else), choice.Condition.Span),
            Expression.GetAttribute attribute => new AttributeNode(Compile(attribute.Target), attribute.Name, attribute.Span),
            Expression.HasAttribute has => new HasNode(Compile(has.Target), has.Path, has.Span),
            Expression.Like like => new LikeNode(Compile(like.Target), like.Pattern, like.Span),
            Expression.Is typeTest => CompileIs(typeTest),
            Expression.Binary binary => CompileBinary(binary),
            Expression.SetLiteral set => new SetNode(CompileAll(set.Elements)),
            Expression.RecordLiteral record => CompileRecord(record),
            Expression.Call call => CompileCall(call),
            _ => throw new NotSupportedException(expression.GetType().Name),
        };
        return IsConstant(expression) && node is not ConstantNode ? Fold(node) : node;
    }

    private static Node[] CompileAll(ImmutableArray<Expression> expressions) => [.. expressions.Select(Compile)];

    private static SourceSpan[] SpansOf(ImmutableArray<Expression> expressions) => [.. expressions.Select(static e => e.Span)];

    private static Node CompileBinary(Expression.Binary binary)
    {
        var left = Compile(binary.Left);
        var right = Compile(binary.Right);
        return binary.Operator switch
        {
            BinaryOperator.Equal => new EqualNode(left, right, isNegated: false),
            BinaryOperator.NotEqual => new EqualNode(left, right, isNegated: true),
            BinaryOperator.In => new InNode(left, right, binary.Span),
            BinaryOperator.Contains or BinaryOperator.ContainsAll or BinaryOperator.ContainsAny =>
                new ContainsNode(binary.Operator, left, right, binary.Span),
            BinaryOperator.GetTag => new TagNode(left, right, isTest: false, binary.Span),
            BinaryOperator.HasTag => new TagNode(left, right, isTest: true, binary.Span),
            BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply =>
                new ArithmeticNode(binary.Operator, left, right, binary.Span),
            _ => new CompareNode(binary.Operator, left, right, binary.Span),
        };
    }

    // `x is T in y` means `x is T && x in y`: y is not looked at when the type differs.
    private static Node CompileIs(Expression.Is typeTest)
    {
        var target = Compile(typeTest.Target);
        var test = new IsNode(target, typeTest.EntityType, typeTest.Span);
        return typeTest.In is null
            ? test
            : new AndNode([test, new InNode(target, Compile(typeTest.In), typeTest.Span)], [typeTest.Span, typeTest.Span]);
    }

    private static RecordNode CompileRecord(Expression.RecordLiteral record)
    {
        string[] names = [.. record.Attributes.Select(static attribute => attribute.Key)];
        return new(new(names), [.. record.Attributes.Select(static attribute => Compile(attribute.Value))]);
    }

    private static Node CompileCall(Expression.Call call)
    {
        if (call.Arguments.Length == call.Function.Parameters.Length)
        {
            var second = call.Arguments.Length > 1 ? Compile(call.Arguments[1]) : null;
            return new CallNode(call.Function, Compile(call.Arguments[0]), second, call.Span);
        }

        return new ConstantNode(EvaluationError.Of(
            EvaluationErrorKind.ArgumentCount, call.Span, call.Arguments.Length, call.Function.Name));
    }

    private static bool IsConstant(Expression expression) => expression switch
    {
        Expression.SetLiteral set => set.Elements.All(static e => e is Expression.Literal),
        Expression.RecordLiteral record => record.Attributes.All(static a => a.Value is Expression.Literal),
        Expression.Call call => call.Arguments.All(static e => e is Expression.Literal),
        _ => false,
    };

    // Constants look neither at the request nor at entities, so an empty frame serves; an error is a constant too.
    private static ConstantNode Fold(Node node)
    {
        var nobody = new EntityUid("", "");
        var request = new CedarRequest(nobody, nobody, nobody, CedarRecord.Empty);
        return new(node.Evaluate(new EvaluationFrame(request, EntityStore.Empty)));
    }
}
