using System.Reflection;

namespace Gateway.Configuration;

/// <summary>The properties of an option record that are keys of the configuration.</summary>
internal static class OptionProperties
{
    public static IReadOnlyList<PropertyInfo> Of(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];
}
