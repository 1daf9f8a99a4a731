namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Audit:Index</c>.</summary>
internal static class CallIndexValidator
{
    private const string Key = "Gateway:Audit:Index:ConnectionString";

    public static void Validate(CallIndexOptions index, ConfigurationErrors errors)
    {
        if (index is { Provider: CallIndexProvider.PostgreSql, ConnectionString: null })
        {
            errors.Add(Key, "is required for the provider PostgreSql: write a reference such as \"secret:NAME\", whose value is \"Host=db;Database=gateway;Username=gateway;Password=…\".");
        }
        else if (index is { Provider: CallIndexProvider.Embedded, ConnectionString: not null })
        {
            errors.Add(Key, "is not used by the provider Embedded: remove it, or write \"Provider\": \"PostgreSql\".");
        }
    }
}
