using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Credentials;

using static Gateway.Configuration.ConfigurationNode;

namespace Gateway.Configuration;

/// <summary>Fills the option records from the configuration, and reports every key that does not fit them.</summary>
/// <remarks>
/// It goes by the records themselves, so that a new option is one property. Messages name keys and say what to write; they
/// never repeat a value, because a secret may have been put anywhere.
/// </remarks>
internal sealed class ConfigurationReader(ConfigurationErrors errors, string baseDirectory)
{
    private readonly ScalarReader _scalars = new(baseDirectory);

    /// <summary>Always returns options; where errors were reported, parts of them are placeholders.</summary>
    public GatewayOptions Read(ConfigurationNode section) => (GatewayOptions)ReadObject(typeof(GatewayOptions), section);

    private object ReadValue(Type type, ConfigurationNode node, PropertyInfo property)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ScalarReader.CanRead(type))
        {
            return ReadScalar(type, node, property);
        }

        if (type == typeof(JsonElement))
        {
            return JsonSerializer.SerializeToElement(ToJson(node));
        }

        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return generic == typeof(IReadOnlyList<>) ? ReadList(type.GenericTypeArguments[0], node, property)
            : generic == typeof(IReadOnlyDictionary<,>) ? ReadTable(type.GenericTypeArguments[1], node, property)
            : ReadObject(type, node);
    }

    /// <summary>Whatever is written there, as JSON; overrides are texts.</summary>
    private static JsonNode? ToJson(ConfigurationNode node) => node.Kind switch
    {
        ConfigurationNodeKind.Null => null,
        ConfigurationNodeKind.List => new JsonArray([.. node.Children.Values.Select(ToJson)]),
        ConfigurationNodeKind.Object => new JsonObject(node.Children.Select(child => KeyValuePair.Create(child.Key, ToJson(child.Value)))),
        _ => node.IsLiteral ? JsonNode.Parse(node.Value ?? "null") : node.Value,
    };

    private object ReadScalar(Type type, ConfigurationNode node, PropertyInfo property)
    {
        // What is expected of a list or a table says nothing about one of its entries.
        var expects = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == type ? Expects(property) : null;
        if (node.Value is null || node.Children.Count > 0)
        {
            var found = node.Kind == ConfigurationNodeKind.List ? "a list" : "an object";
            errors.AddStructural(node.Path, $"must be a single value, not {found}{(expects is null ? "" : $": write {expects}")}.");
            return Placeholder(type);
        }

        var value = _scalars.Read(type, node.Value, expects, property, out var problem);
        if (value is null)
        {
            errors.AddStructural(node.Path, problem);
        }

        return value ?? Placeholder(type);
    }

    private object ReadList(Type item, ConfigurationNode node, PropertyInfo property)
    {
        var list = (IList)Create(typeof(List<>).MakeGenericType(item));
        if (node.Value is not null || (node.Kind == ConfigurationNodeKind.Object && node.Children.Keys.Any(name => !name.All(char.IsAsciiDigit))) ||
            (node.Kind == ConfigurationNodeKind.Object && node.Children.Count == 0))
        {
            errors.AddStructural(node.Path, $"must be a list: write {Expects(property) ?? "[ … ]"}.");
            return list;
        }

        for (var index = 0; index < node.Children.Count; index++)
        {
            if (!node.Children.TryGetValue(index.ToString(), out var child))
            {
                errors.AddStructural(node.Path, $"is a list whose entry {index} is missing: number the entries from 0 without a gap.");
                return list;
            }

            if (IsAbsent(child))
            {
                errors.AddStructural(child.Path, "must not be null: write a value or remove the entry.");
            }

            list.Add(IsAbsent(child) ? Placeholder(item) : ReadValue(item, child, property));
        }

        return list;
    }

    private object ReadTable(Type item, ConfigurationNode node, PropertyInfo property)
    {
        var table = (IDictionary)Create(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), item));
        if (RefuseUnlessObject(node, Expects(property)))
        {
            return table;
        }

        foreach (var (name, child) in node.Children)
        {
            if (IsAbsent(child) && ScalarReader.CanRead(item))
            {
                errors.AddStructural(child.Path, "must not be null: write a value or remove the key.");
            }

            table.Add(name, IsAbsent(child) && ScalarReader.CanRead(item) ? Placeholder(item) : ReadValue(item, child, property));
        }

        return table;
    }

    private object ReadObject(Type type, ConfigurationNode node)
    {
        if (RefuseUnlessObject(node, null))
        {
            return Placeholder(type);
        }

        var variants = type.GetCustomAttributes<VariantAttribute>().ToList();
        if (variants.Count > 0)
        {
            return ReadVariant(variants, node);
        }

        return ReadProperties(type, node, []);
    }

    private object ReadVariant(List<VariantAttribute> variants, ConfigurationNode node)
    {
        var allowed = string.Join(" or ", variants.Select(variant => $"\"{variant.Name}\""));
        node.Children.TryGetValue(VariantAttribute.Discriminator, out var child);
        var chosen = variants.Find(variant => string.Equals(variant.Name, child?.Value, StringComparison.OrdinalIgnoreCase));
        if (chosen is not null && child?.Children.Count == 0)
        {
            return ReadProperties(chosen.Type, node, [VariantAttribute.Discriminator]);
        }

        ReportUnknown(node, [VariantAttribute.Discriminator, .. variants.SelectMany(variant => OptionProperties.Of(variant.Type)).Select(property => property.Name).Distinct()]);
        var key = Combine(node.Path, VariantAttribute.Discriminator);
        errors.AddMissingOrWrong(key, IsAbsent(child) ? $"is required: write {allowed}." : $"must be {allowed}.");
        errors.SilenceBranch(node.Path);
        return Placeholder(variants[0].Type);
    }

    private object ReadProperties(Type type, ConfigurationNode node, string[] alsoKnown)
    {
        var instance = Create(type);
        var properties = OptionProperties.Of(type);

        // First, because a misspelt key explains why the key that was meant is missing.
        ReportUnknown(node, [.. alsoKnown, .. properties.Select(property => property.Name)]);
        foreach (var property in properties)
        {
            node.Children.TryGetValue(property.Name, out var child);
            if (!IsAbsent(child))
            {
                property.SetValue(instance, ReadValue(property.PropertyType, child, property));
            }
            else if (property.IsDefined(typeof(RequiredMemberAttribute)))
            {
                errors.AddMissingOrWrong(Combine(node.Path, property.Name), Expects(property) is { } expects ? $"is required: write {expects}." : "is required.");
                property.SetValue(instance, Placeholder(property.PropertyType));
            }
        }

        return instance;
    }

    private void ReportUnknown(ConfigurationNode node, IReadOnlyList<string> known)
    {
        foreach (var (name, child) in node.Children.Where(pair => !known.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var nearest = NearestName.Find(name, known);
            errors.AddStructural(child.Path, nearest is null ? $"is not a known key; known here are {string.Join(", ", known)}." : $"is not a known key; did you mean {nearest}?");
            if (nearest is not null && !node.Children.ContainsKey(nearest))
            {
                errors.SilenceBranch(Combine(node.Path, nearest));
            }
        }
    }

    private bool RefuseUnlessObject(ConfigurationNode node, string? expects)
    {
        if (node.Value is null && node.Kind != ConfigurationNodeKind.List)
        {
            return false;
        }

        errors.AddStructural(node.Path, $"must be an object: write {expects ?? "{ … }"}.");
        return true;
    }

    private static string? Expects(PropertyInfo property) => property.GetCustomAttribute<ExpectsAttribute>()?.Text;

    /// <summary>Something that the validators can look at without harm; it never leaves the loader.</summary>
    private static object Placeholder(Type type)
    {
        if (type == typeof(string))
        {
            return "";
        }

        if (type == typeof(SecretReference))
        {
            return new SecretReference("", "");
        }

        if (type == typeof(AuditKeyReference))
        {
            return new AuditKeyReference(new SecretReference("", ""));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return Create(typeof(List<>).MakeGenericType(type.GenericTypeArguments));
        }

        if (type.GetCustomAttributes<VariantAttribute>().FirstOrDefault() is { } variant)
        {
            return Placeholder(variant.Type);
        }

        var instance = Create(type);
        foreach (var property in OptionProperties.Of(type).Where(property => property.IsDefined(typeof(RequiredMemberAttribute))))
        {
            property.SetValue(instance, Placeholder(property.PropertyType));
        }

        return instance;
    }

    private static object Create(Type type) => Activator.CreateInstance(type) ?? throw new InvalidOperationException($"{type} cannot be created.");
}
