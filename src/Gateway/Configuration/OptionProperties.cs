using System.Collections.Concurrent;
using System.Reflection;

namespace Gateway.Configuration;

/// <summary>The properties of an option record that are keys of the configuration.</summary>
internal static class OptionProperties
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<PropertyInfo>> Cache = new();

    public static IReadOnlyList<PropertyInfo> Of(Type type) =>
        Cache.GetOrAdd(type, static key => [.. key.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)]);
}
