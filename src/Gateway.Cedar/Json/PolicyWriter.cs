using System.Text;
using System.Text.Json;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Json;

/// <summary>Writes policies in Cedar's JSON format.</summary>
internal static class PolicyWriter
{
    // A chain of `&&` is written as deep as it is long.
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        MaxDepth = 1_000_000,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(PolicySyntax policy) => Write(writer => WritePolicy(writer, policy));

    public static string Write(PolicySet set) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("templates");
        foreach (var template in set.Templates)
        {
            writer.WritePropertyName(template.Id);
            WritePolicy(writer, template.Syntax);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("staticPolicies");
        foreach (var policy in set.Policies.Where(static policy => policy.TemplateId is null))
        {
            writer.WritePropertyName(policy.Id);
            WritePolicy(writer, policy.Syntax);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("templateLinks");
        foreach (var policy in set.Policies.Where(static policy => policy.TemplateId is not null))
        {
            WriteLink(writer, policy, set.Templates.First(template => template.Id == policy.TemplateId));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteLink(Utf8JsonWriter writer, Policy policy, PolicyTemplate template)
    {
        writer.WriteStartObject();
        writer.WriteString("templateId", template.Id);
        writer.WriteString("newId", policy.Id);
        writer.WriteStartObject("values");
        if (template.HasPrincipalSlot)
        {
            writer.WritePropertyName("?principal");
            WriteUid(writer, policy.Syntax.Principal.Entity);
        }

        if (template.HasResourceSlot)
        {
            writer.WritePropertyName("?resource");
            WriteUid(writer, policy.Syntax.Resource.Entity);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WritePolicy(Utf8JsonWriter writer, PolicySyntax policy)
    {
        writer.WriteStartObject();
        writer.WriteString("effect", policy.Effect == Effect.Permit ? "permit" : "forbid");
        WriteScope(writer, "principal", policy.Principal);
        WriteScope(writer, "action", policy.Action);
        WriteScope(writer, "resource", policy.Resource);
        writer.WriteStartArray("conditions");
        foreach (var condition in policy.Conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", condition.IsWhen ? "when" : "unless");
            writer.WritePropertyName("body");
            ExpressionWriter.Write(writer, condition.Body);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!policy.Annotations.IsEmpty)
        {
            writer.WriteStartObject("annotations");
            foreach (var annotation in policy.Annotations)
            {
                writer.WriteString(annotation.Name, annotation.Value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter writer, string name, ScopeConstraint constraint)
    {
        writer.WriteStartObject(name);
        writer.WriteString("op", constraint.Kind switch
        {
            ScopeKind.Any => "All",
            ScopeKind.Equal => "==",
            ScopeKind.Is or ScopeKind.IsIn => "is",
            _ => "in",
        });
        if (constraint.EntityType is not null)
        {
            writer.WriteString("entity_type", constraint.EntityType);
        }

        if (constraint.Kind == ScopeKind.IsIn)
        {
            writer.WriteStartObject("in");
            WriteEntity(writer, name, constraint);
            writer.WriteEndObject();
        }
        else if (constraint.Kind == ScopeKind.InAny && constraint.Entities.Length != 1)
        {
            writer.WriteStartArray("entities");
            foreach (var entity in constraint.Entities)
            {
                WriteUid(writer, entity);
            }

            writer.WriteEndArray();
        }
        else if (constraint.Kind is ScopeKind.Equal or ScopeKind.In or ScopeKind.InAny)
        {
            WriteEntity(writer, name, constraint);
        }

        writer.WriteEndObject();
    }

    private static void WriteEntity(Utf8JsonWriter writer, string name, ScopeConstraint constraint)
    {
        if (constraint.IsSlot)
        {
            writer.WriteString("slot", "?" + name);
            return;
        }

        writer.WritePropertyName("entity");
        WriteUid(writer, constraint.Entity);
    }

    private static void WriteUid(Utf8JsonWriter writer, EntityUid uid)
    {
        writer.WriteStartObject();
        writer.WriteString("type", uid.Type);
        writer.WriteString("id", uid.Id);
        writer.WriteEndObject();
    }
}
