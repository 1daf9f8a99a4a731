namespace Gateway.Cedar.Syntax;

/// <summary>Visits an expression and all within it.</summary>
internal static class ExpressionWalk
{
    public static IEnumerable<Expression> All(Expression root)
    {
        var pending = new Stack<Expression>();
        pending.Push(root);
        while (pending.TryPop(out var expression))
        {
            yield return expression;
            foreach (var child in ChildrenOf(expression))
            {
                pending.Push(child);
            }
        }
    }

    private static IEnumerable<Expression> ChildrenOf(Expression expression) => expression switch
    {
        Expression.Not not => [not.Operand],
        Expression.Negate negate => [negate.Operand],
        Expression.IsEmpty isEmpty => [isEmpty.Operand],
        Expression.Binary binary => [binary.Left, binary.Right],
        Expression.And and => and.Operands,
        Expression.Or or => or.Operands,
        Expression.If choice => [choice.Condition, choice.Then, choice.Else],
        Expression.GetAttribute attribute => [attribute.Target],
        Expression.HasAttribute has => [has.Target],
        Expression.Like like => [like.Target],
        Expression.Is typeTest => typeTest.In is null ? [typeTest.Target] : [typeTest.Target, typeTest.In],
        Expression.SetLiteral set => set.Elements,
        Expression.RecordLiteral record => record.Attributes.Select(static attribute => attribute.Value),
        Expression.Call call => call.Arguments,
        _ => [],
    };
}
