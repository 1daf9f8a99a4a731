using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>Reads one of the three parts of a policy's scope.</summary>
internal sealed class ScopeParser(TokenCursor cursor, ExpressionParser expressions)
{
    public ScopeConstraint Parse(Variable variable)
    {
        var start = cursor.Current.Span;
        var name = NameOf(variable);
        if (!cursor.TryTakeKeyword(name))
        {
            cursor.FailExpecting($"`{name}`: the scope is `principal`, `action`, `resource`, in this order");
        }

        var constraint = cursor.Kind switch
        {
            TokenKind.Equal => ParseEqual(variable),
            TokenKind.Identifier when cursor.IsKeyword("in") => ParseIn(variable, entityType: null),
            TokenKind.Identifier when cursor.IsKeyword("is") => ParseIs(variable),
            _ => ScopeConstraint.Any(start),
        };
        return constraint with { Span = SourceSpan.Between(start, cursor.Previous) };
    }

    public static string NameOf(Variable variable) => variable switch
    {
        Variable.Principal => "principal",
        Variable.Action => "action",
        Variable.Resource => "resource",
        _ => "context",
    };

    private ScopeConstraint ParseEqual(Variable variable)
    {
        cursor.Take();
        var (entity, isSlot) = ParseEntityOrSlot(variable);
        return new(ScopeKind.Equal, null, entity is null ? [] : [entity], isSlot, default);
    }

    private ScopeConstraint ParseIs(Variable variable)
    {
        if (variable == Variable.Action)
        {
            cursor.Fail("`is` cannot be used with the action, expected `==` or `in`");
        }

        cursor.Take();
        var (type, _) = expressions.ParseTypeName();
        return cursor.IsKeyword("in")
            ? ParseIn(variable, type)
            : new(ScopeKind.Is, type, [], false, default);
    }

    private ScopeConstraint ParseIn(Variable variable, string? entityType)
    {
        cursor.Take();
        if (variable == Variable.Action && StartsList())
        {
            return new(ScopeKind.InAny, null, ParseList(), false, default);
        }

        var (entity, isSlot) = ParseEntityOrSlot(variable);
        var kind = entityType is null ? ScopeKind.In : ScopeKind.IsIn;
        return new(kind, entityType, entity is null ? [] : [entity], isSlot, default);
    }

    private bool StartsList()
    {
        var offset = 0;
        while (cursor.Peek(offset) == TokenKind.LeftParenthesis)
        {
            offset++;
        }

        return cursor.Peek(offset) == TokenKind.LeftBracket;
    }

    private ImmutableArray<EntityUid> ParseList()
    {
        var parentheses = TakeParentheses();
        cursor.Expect(TokenKind.LeftBracket, "`[`");
        var entities = ImmutableArray.CreateBuilder<EntityUid>();
        while (cursor.Kind is not (TokenKind.RightBracket or TokenKind.End))
        {
            if (ParseEntityOrSlot(Variable.Action).Entity is { } entity)
            {
                entities.Add(entity);
            }

            if (!cursor.TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        cursor.Expect(TokenKind.RightBracket, "`,` or `]`");
        CloseParentheses(parentheses);
        return entities.DrainToImmutable();
    }

    private (EntityUid? Entity, bool IsSlot) ParseEntityOrSlot(Variable variable)
    {
        var parentheses = TakeParentheses();
        EntityUid? entity = null;
        var isSlot = false;
        if (cursor.Kind == TokenKind.Slot)
        {
            var slot = "?" + NameOf(variable);
            isSlot = variable != Variable.Action && cursor.SpanOf(cursor.Current).SequenceEqual(slot);
            if (!isSlot)
            {
                cursor.FailExpecting(variable == Variable.Action ? "an action: templates have no slot for it" : $"an entity or `{slot}`");
            }

            cursor.Take();
        }
        else if (cursor.Kind == TokenKind.Identifier)
        {
            entity = ParseEntity(variable);
        }
        else
        {
            cursor.FailExpecting("an entity, as in `Type::\"id\"`");
        }

        CloseParentheses(parentheses);
        return (entity, isSlot);
    }

    private EntityUid ParseEntity(Variable variable)
    {
        var start = cursor.Current.Span;
        var entity = expressions.ParseEntity();
        if (variable == Variable.Action && !cursor.HasFailed
            && !Identifiers.BaseName(entity.Type).SequenceEqual("Action"))
        {
            cursor.Report(
                SourceSpan.Between(start, cursor.Previous),
                $"`{entity}` is not an action, expected an entity of type `Action`");
        }

        return entity;
    }

    private int TakeParentheses()
    {
        var count = 0;
        while (cursor.TryTake(TokenKind.LeftParenthesis))
        {
            count++;
        }

        return count;
    }

    private void CloseParentheses(int count)
    {
        for (; count > 0; count--)
        {
            cursor.Expect(TokenKind.RightParenthesis, "`)`");
        }
    }
}
