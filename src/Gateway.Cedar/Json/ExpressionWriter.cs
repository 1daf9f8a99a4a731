using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Json;

/// <summary>Writes expressions in Cedar's JSON format.</summary>
internal static class ExpressionWriter
{
    public static void Write(Utf8JsonWriter writer, Expression expression)
    {
        switch (expression)
        {
            case Expression.And and:
                WriteChain(writer, "&&", and.Operands);
                return;
            case Expression.Or or:
                WriteChain(writer, "||", or.Operands);
                return;
            case Expression.HasAttribute { Path.Length: > 1 } has:
                // The form that every reader of the format knows: `x has a && x.a has b`.
                WriteChain(writer, "&&", StepsOf(has));
                return;
        }

        writer.WriteStartObject();
        switch (expression)
        {
            case Expression.Literal literal:
                writer.WritePropertyName("Value");
                WriteLiteral(writer, literal.Value);
                break;
            case Expression.VariableReference reference:
                writer.WriteString("Var", ScopeParser.NameOf(reference.Variable));
                break;
            case Expression.Not not:
                WriteOperand(writer, "!", not.Operand);
                break;
            case Expression.Negate negate:
                WriteOperand(writer, "neg", negate.Operand);
                break;
            case Expression.IsEmpty isEmpty:
                WriteOperand(writer, "isEmpty", isEmpty.Operand);
                break;
            case Expression.Binary binary:
                writer.WriteStartObject(ExpressionPrinter.Symbol(binary.Operator));
                WriteProperty(writer, "left", binary.Left);
                WriteProperty(writer, "right", binary.Right);
                writer.WriteEndObject();
                break;
            case Expression.If choice:
                writer.WriteStartObject("if-then-else");
                WriteProperty(writer, "if", choice.Condition);
                WriteProperty(writer, "then", choice.Then);
                WriteProperty(writer, "else", choice.Else);
                writer.WriteEndObject();
                break;
            case Expression.GetAttribute attribute:
                WriteAttribute(writer, ".", attribute.Target, attribute.Name);
                break;
            case Expression.HasAttribute has:
                WriteAttribute(writer, "has", has.Target, has.Path[0]);
                break;
            case Expression.Like like:
                writer.WriteStartObject("like");
                WriteProperty(writer, "left", like.Target);
                WritePattern(writer, like.Pattern);
                writer.WriteEndObject();
                break;
            case Expression.Is typeTest:
                WriteIs(writer, typeTest);
                break;
            case Expression.SetLiteral set:
                WriteArray(writer, "Set", set.Elements);
                break;
            case Expression.RecordLiteral record:
                writer.WriteStartObject("Record");
                foreach (var (name, value) in record.Attributes)
                {
                    WriteProperty(writer, name, value);
                }

                writer.WriteEndObject();
                break;
            case Expression.Call call:
                WriteArray(writer, call.Function.Name, call.Arguments);
                break;
        }

        writer.WriteEndObject();
    }

    // The format knows operators of two operands only, so a chain leans to the left.
    private static void WriteChain(Utf8JsonWriter writer, string operation, ImmutableArray<Expression> operands)
    {
        for (var i = 1; i < operands.Length; i++)
        {
            writer.WriteStartObject();
            writer.WriteStartObject(operation);
            writer.WritePropertyName("left");
        }

        Write(writer, operands[0]);
        for (var i = 1; i < operands.Length; i++)
        {
            WriteProperty(writer, "right", operands[i]);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private static ImmutableArray<Expression> StepsOf(Expression.HasAttribute has)
    {
        var steps = ImmutableArray.CreateBuilder<Expression>(has.Path.Length);
        var target = has.Target;
        foreach (var name in has.Path)
        {
            steps.Add(new Expression.HasAttribute(target, [name], has.Span));
            target = new Expression.GetAttribute(target, name, has.Span, has.Span);
        }

        return steps.DrainToImmutable();
    }

    private static void WriteLiteral(Utf8JsonWriter writer, CedarValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean:
                writer.WriteBooleanValue(value.IsTrue);
                break;
            case ValueKind.Long:
                writer.WriteNumberValue(value.Number);
                break;
            case ValueKind.Entity:
                var uid = value.AsEntity();
                writer.WriteStartObject();
                writer.WriteStartObject("__entity");
                writer.WriteString("type", uid.Type);
                writer.WriteString("id", uid.Id);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(value.AsString());
                break;
        }
    }

    private static void WriteOperand(Utf8JsonWriter writer, string operation, Expression operand)
    {
        writer.WriteStartObject(operation);
        WriteProperty(writer, "arg", operand);
        writer.WriteEndObject();
    }

    private static void WriteAttribute(Utf8JsonWriter writer, string operation, Expression target, string name)
    {
        writer.WriteStartObject(operation);
        WriteProperty(writer, "left", target);
        writer.WriteString("attr", name);
        writer.WriteEndObject();
    }

    private static void WriteIs(Utf8JsonWriter writer, Expression.Is typeTest)
    {
        writer.WriteStartObject("is");
        WriteProperty(writer, "left", typeTest.Target);
        writer.WriteString("entity_type", typeTest.EntityType);
        if (typeTest.In is not null)
        {
            WriteProperty(writer, "in", typeTest.In);
        }

        writer.WriteEndObject();
    }

    private static void WritePattern(Utf8JsonWriter writer, LikePattern pattern)
    {
        writer.WriteStartArray("pattern");
        for (var i = 0; i < pattern.Parts.Length; i++)
        {
            if (i > 0)
            {
                writer.WriteStringValue("Wildcard");
            }

            foreach (var rune in pattern.Parts[i].EnumerateRunes())
            {
                writer.WriteStartObject();
                writer.WriteString("Literal", rune.ToString());
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteArray(Utf8JsonWriter writer, string name, ImmutableArray<Expression> expressions)
    {
        writer.WriteStartArray(name);
        foreach (var expression in expressions)
        {
            Write(writer, expression);
        }

        writer.WriteEndArray();
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, Expression expression)
    {
        writer.WritePropertyName(name);
        Write(writer, expression);
    }
}
