using System.Collections;
using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>Finds every reference to a secret in a configuration, wherever an option record has one.</summary>
internal static class SecretReferences
{
    public static IEnumerable<(string Key, SecretReference Reference)> In(GatewayOptions options) => Below("Gateway", options);

    private static IEnumerable<(string Key, SecretReference Reference)> Below(string key, object? value) => value switch
    {
        SecretReference reference => [(key, reference)],
        AuditKeyReference audit => Below(key, audit.Secret),
        IDictionary table => table.Keys.Cast<string>().SelectMany(name => Below(ConfigurationNode.Combine(key, name), table[name])),
        IEnumerable list and not string => list.Cast<object?>().Index().SelectMany(item => Below($"{key}:{item.Index}", item.Item)),
        not null when value.GetType().Namespace == typeof(GatewayOptions).Namespace && !value.GetType().IsEnum =>
            OptionProperties.Of(value.GetType()).SelectMany(property => Below(ConfigurationNode.Combine(key, property.Name), property.GetValue(value))),
        _ => [],
    };
}
