using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Configuration;
using Gateway.Core.Credentials;
using NJsonSchema;

namespace Gateway.Tests.Configuration;

/// <summary>appsettings.schema.json and the option records describe the same keys.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly string Repository = FindRepository();
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository, "appsettings.schema.json")))!;

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository, "config"), "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository, file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Schema_FileInConfig_Validates(string file)
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository, file), TestContext.Current.CancellationToken), documentOptions: Lenient)!;

        Assert.Empty((await ReadSchemaAsync()).Validate(json.ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Schema_FileInConfig_IsNamedInIt(string file)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository, file)), documentOptions: Lenient)!;

        Assert.Equal(Path.Combine(Repository, "appsettings.schema.json"), Path.GetFullPath((string)json["$schema"]!, Path.GetDirectoryName(Path.Combine(Repository, file))!));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_FileInConfig_HasNoErrors(string file)
    {
        // A copy, with the files beside it that an operator would bring.
        using var folder = new ConfigurationFolder();
        var source = Path.GetDirectoryName(Path.Combine(Repository, file))!;
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            folder.Write(Path.GetRelativePath(source, path), File.ReadAllText(path));
        }

        folder.WriteCertificate("tls/gateway.pem", "tls/gateway.key");
        folder.Write("tls/corp-keys.json", "{ \"keys\": [] }");
        folder.Write("spiffe/bundle.json", "{ \"keys\": [] }");

        var result = folder.LoadFile(Path.GetFileName(file));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task Schema_EveryKeyInUse_Validates() =>
        Assert.Empty((await ReadSchemaAsync()).Validate(ConfigurationCanaryTests.Full));

    [Theory]
    [InlineData("\"https://api.github.com\", \"Credential\"", "\"https://api.github.com\", \"Unknown\": 1, \"Credential\"")]
    [InlineData("\"Path\": \"/github\"", "\"Path\": \"github\"")]
    [InlineData("\"Path\": \"/github\",", "")]
    [InlineData("\"Value\": \"secret:key\"", "\"Value\": \"clear text\"")]
    [InlineData("\"Type\": \"Static\"", "\"Type\": \"Other\"")]
    [InlineData("\"Value\": \"secret:key\", ", "")]
    [InlineData("\"ClockSkew\": \"00:00:01\"", "\"ClockSkew\": \"30\"")]
    [InlineData("\"Algorithms\": [\"ES384\"]", "\"Algorithms\": [\"HS256\"]")]
    [InlineData("\"Algorithms\": [\"ES256\"]", "\"Algorithms\": [\"none\"]")]
    [InlineData("\"ProofOfPossession\": \"DPoP\"", "\"ProofOfPossession\": \"dpop\"")]
    [InlineData("\"ExternalUrls\": [\"https://", "\"ExternalUrls\": [\"")]
    [InlineData("\"dev\": {", "\"spiffe\": {")]
    [InlineData("\"Issuer\": \"https://kubernetes.default.svc\", ", "")]
    [InlineData("\"Kind\": \"Google\", ", "")]
    [InlineData("11111111-2222-3333-4444-555555555555", "common")]
    [InlineData("\"{/org/id}/{sub}[:{env}]\"", "\"agent\"")]
    [InlineData("\"env\": [\"prod\"]", "\"env\": \"prod\"")]
    [InlineData("\"NotAfter\": \"2027-01-31\" } },", "\"NotAfter\": \"31.1.2027\" } },")]
    [InlineData("\"ClientCertificate\": \"Accept\"", "\"ClientCertificate\": \"Sometimes\"")]
    [InlineData("\"example.org\": {", "\"Example.org\": {")]
    [InlineData("\"Profile\": \"https_web\", ", "")]
    [InlineData("\"BundleEndpoint\": { \"Url\": \"https://spire.example\",", "\"BundleEndpoints\": { \"Url\": \"https://spire.example\",")]
    [InlineData("\"Destinations\": { \"a\"", "\"Upstream\": \"https://x\", \"Destinations\": { \"a\"")]
    [InlineData("\"JwksFile\": \"", "\"JwksUri\": \"https://x\", \"JwksFile\": \"")]
    [InlineData("\"issues.create\"", "\"GET\"")]
    [InlineData("POST /repos", "post /repos")]
    [InlineData("\"LoadBalancing\": \"Random\"", "\"LoadBalancing\": \"Fastest\"")]
    [InlineData("\"OnlyOperations\": true", "\"OnlyOperations\": \"yes\"")]
    [InlineData("\"Password\": \"{value}\"", "\"Password\": \"clear text\"")]
    [InlineData("\"Header\": \"X-Token\", ", "")]
    [InlineData("\"Engine\": \"Cedar\"", "\"Engine\": \"Rego\"")]
    [InlineData("\"Token\": \"secret:opa\"", "\"Token\": \"clear text\"")]
    [InlineData("\"Path\": \"gateway/allow\"", "\"Path\": \"data.gateway.allow\"")]
    [InlineData("\"Url\": \"https://pdp.example\", ", "")]
    [InlineData("https://127.0.0.1:8443", "tcp://127.0.0.1:8443")]
    [InlineData("unix:agents.sock", "unix:agents/")]
    [InlineData("\"Mode\": \"0600\"", "\"Mode\": \"rw\"")]
    [InlineData("\"dev\": {", "\"unix\": {")]
    [InlineData("spiffe://example.org/agent/batch", "example.org/agent/batch")]
    [InlineData("/usr/bin/batch", "batch")]
    [InlineData("\"Audit\": {", "\"Vaults\": {}, \"Audit\": {")]
    [InlineData("\"Address\": \"https://vault:8200\", ", "")]
    [InlineData("\"Method\": \"AppRole\"", "\"Method\": \"LDAP\"")]
    [InlineData("\"Path\": \"crm/creds/agent\"", "\"Path\": \"/v1/crm\"")]
    [InlineData("vault:secret/crm#api_key", "vault:secret/crm")]
    [InlineData("transit:team/transit/audit", "transit:team//audit")]
    [InlineData("transit:team/transit/audit", "clear text")]
    [InlineData("https://api.github.com", "https://user:password@api.github.com")]
    [InlineData("\"X-Api-Key\": \"secret:collector\"", "\"X-Api-Key\": \"clear text\"")]
    [InlineData("\"Type\": \"Syslog\"", "\"Type\": \"Udp\"")]
    [InlineData("\"Host\": \"siem.example\", ", "")]
    [InlineData("\"Format\": \"SplunkHec\"", "\"Format\": \"Cef\"")]
    [InlineData("\"BatchRecords\": 500", "\"BatchRecords\": 0")]
    public async Task Schema_OneMistake_DoesNotValidate(string right, string wrong)
    {
        var json = ConfigurationCanaryTests.Full.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(ConfigurationCanaryTests.Full, json);

        Assert.NotEmpty((await ReadSchemaAsync()).Validate(json));
    }

    [Fact]
    public void Schema_AndOptions_HaveTheSameKeysDefaultsAndValues()
    {
        var compared = new HashSet<Type>();
        Compare(typeof(GatewayOptions), Resolve(Schema["properties"]!["Gateway"]!), "Gateway", compared);

        // Every option record was met on the way, so none can have been left out.
        var records = typeof(GatewayOptions).Assembly.GetTypes().Where(type => type.Namespace == typeof(GatewayOptions).Namespace && type.Name.EndsWith("Options", StringComparison.Ordinal));
        Assert.Equal(records.Select(type => type.Name).Order(), compared.Select(type => type.Name).Order());
    }

    [Fact]
    public void Load_EveryKeyInUse_SetsEveryOption()
    {
        using var folder = new ConfigurationFolder();
        folder.WriteCertificate("a.pem", "a.key");

        var result = folder.Load(ConfigurationCanaryTests.Full);

        Assert.Empty(result.Errors);
        var options = result.Options!;
        var github = options.Tools["github"];
        Assert.Empty(Unset(github, nameof(github.Destinations)));
        Assert.Empty(Unset(github.HealthCheck!));
        Assert.Empty(Unset(github.HealthCheck!.Active!, nameof(ActiveHealthCheckOptions.Policy)));
        Assert.Empty(Unset(github.HealthCheck!.Passive!, nameof(PassiveHealthCheckOptions.Policy)));
        Assert.Empty(Unset(options.Tools["two"].Destinations!["a"]));
        string[] ofTheCluster =
        [
            nameof(IssuerOptions.Kind), nameof(IssuerOptions.TokenReview), nameof(IssuerOptions.TokenReviewCache), nameof(IssuerOptions.TokenReviewTimeout),
            nameof(IssuerOptions.ApiServer), nameof(IssuerOptions.CaFile), nameof(IssuerOptions.ApiServerToken),
        ];
        Assert.Empty(Unset(options.Identity.Issuers["dev"], [.. ofTheCluster, nameof(IssuerOptions.JwksFile), nameof(IssuerOptions.Tenant)]));
        Assert.Empty(Unset(options.Identity.Issuers["cluster"]).Intersect(ofTheCluster));
        Assert.Equal("11111111-2222-3333-4444-555555555555", options.Identity.Issuers["entra"].Tenant);
        Assert.Empty(Unset(options.Identity));
        var domain = options.Identity.TrustDomains["example.org"];
        Assert.Empty(Unset(domain));
        Assert.Empty(Unset(domain.BundleEndpoint!, nameof(BundleEndpointOptions.CaFile)));
        Assert.Empty(Unset(options.Identity.TrustDomains["web.example"].BundleEndpoint!, nameof(BundleEndpointOptions.Profile), nameof(BundleEndpointOptions.SpiffeId)));
        Assert.Empty(Unset(options.Identity.Agents["dev:alice"]));
        Assert.Empty(Unset(options.Identity.Dpop));
        Assert.Empty(Unset(options.Identity.UnixPeers["batch"]));
        Assert.Empty(Unset(options.Policy.Opa!));
        Assert.Empty(Unset(options.Policy.AuthZen!));
        Assert.Empty(Unset(options.Listeners.Agents[0], nameof(ListenerOptions.Mode), nameof(ListenerOptions.Group)));
        string[] ofTls = [nameof(ListenerOptions.Certificate), nameof(ListenerOptions.Key), nameof(ListenerOptions.ClientCertificate), nameof(ListenerOptions.ExternalUrls)];
        Assert.Empty(Unset(options.Listeners.Agents[1], ofTls));
        Assert.Empty(Unset(options.Credentials["key"]));
        Assert.Empty(Unset(options.Credentials["oauth"]));
        Assert.Empty(Unset(options.Credentials["vault"]));
        Assert.Empty(Unset(options.Vault!));
        var auth = options.Vault!.Auth;
        Assert.Empty(Unset(auth, nameof(auth.Role), nameof(auth.JwtFile), nameof(auth.Token), nameof(auth.Certificate), nameof(auth.Key)));
        Assert.Empty(Unset(options.Tasks));
        Assert.Empty(Unset(options.Admin));
        Assert.Empty(Unset(options.Audit));
        Assert.All(options.Audit.Sinks.Values, sink => Assert.Empty(Unset(sink)));
        Assert.Empty(Unset(options.State, nameof(StateOptions.Provider)));
        Assert.Empty(Unset(options));
    }

    /// <summary>The options that still are what a new record has.</summary>
    private static IEnumerable<string> Unset(object options, params string[] except) =>
        OptionProperties.Of(options.GetType())
            .Where(property => !except.Contains(property.Name))
            .Where(property => !IsSet(options, property))
            .Select(property => property.Name);

    private static string ToJson(object? value) => ToNode(value)?.ToJsonString() ?? "null";

    private static void Compare(Type type, JsonNode schema, string where, HashSet<Type> compared)
    {
        if (!compared.Add(type))
        {
            return;
        }

        var variants = type.GetCustomAttributes<VariantAttribute>().ToList();
        if (variants.Count > 0)
        {
            var branches = schema["oneOf"]!.AsArray().Select(branch => Resolve(branch!)).ToList();
            Assert.Equal(variants.Select(variant => variant.Name), branches.Select(branch => (string)branch["properties"]![VariantAttribute.Discriminator]!["enum"]![0]!));
            foreach (var (variant, branch) in variants.Zip(branches))
            {
                Compare(variant.Type, branch, $"{where}({variant.Name})", compared);
            }

            return;
        }

        Assert.True(schema["additionalProperties"]?.GetValueKind() == JsonValueKind.False, $"{where} allows unknown keys");
        var isVariant = type.BaseType != typeof(object);
        var properties = OptionProperties.Of(type);
        var keys = schema["properties"]!.AsObject();
        Assert.Equal(
            properties.Select(property => property.Name).Concat(isVariant ? [VariantAttribute.Discriminator] : []).Order(StringComparer.Ordinal),
            keys.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            properties.Where(property => property.IsDefined(typeof(RequiredMemberAttribute))).Select(property => property.Name).Concat(isVariant ? [VariantAttribute.Discriminator] : []).Order(StringComparer.Ordinal),
            (schema["required"]?.AsArray().Select(name => (string)name!) ?? []).Order(StringComparer.Ordinal));
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in properties)
        {
            var key = keys[property.Name]!;
            Assert.True(Described(key), $"{where}:{property.Name} has no description");
            CompareDefault(property, defaults, key, $"{where}:{property.Name}");
            CompareType(property.PropertyType, key, $"{where}:{property.Name}", compared);
        }
    }

    private static bool Described(JsonNode key) => !string.IsNullOrEmpty((string?)key["description"] ?? (string?)Resolve(key)["description"]);

    private static void CompareDefault(PropertyInfo property, object defaults, JsonNode key, string where)
    {
        var value = property.GetValue(defaults);
        var isRecord = value is not null && value is not SecretReference && value.GetType().Name.EndsWith("Options", StringComparison.Ordinal);
        if (property.IsDefined(typeof(RequiredMemberAttribute)) || value is null || (isRecord && key["default"] is null))
        {
            Assert.True(key["default"] is null, $"{where} has a default in the schema only");

            // A record without a default of its own is made of its keys' defaults, which are compared in their turn.
            Assert.True(!isRecord || Equals(ToJson(value), ToJson(Activator.CreateInstance(value!.GetType()))), $"{where} has a default in the options only");
            return;
        }

        Assert.Equal($"{where} {ToNode(value)?.ToJsonString()}", $"{where} {key["default"]?.ToJsonString()}");
    }

    private static void CompareType(Type type, JsonNode key, string where, HashSet<Type> compared)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var schema = Resolve(key);
        if (type.IsEnum)
        {
            Assert.Equal(Enum.GetNames(type), schema["enum"]!.AsArray().Select(name => (string)name!));
        }
        else if (type == typeof(bool))
        {
            Assert.Equal("boolean", (string)schema["type"]!);
        }
        else if (type == typeof(int))
        {
            Assert.Equal("integer", (string)schema["type"]!);
        }
        else if (type == typeof(TimeSpan))
        {
            Assert.Equal("#/$defs/duration", (string?)key["$ref"]);
        }
        else if (type == typeof(JsonElement))
        {
            Assert.Equal("#/$defs/json", (string?)key["$ref"]);
        }
        else if (type == typeof(SecretReference))
        {
            Assert.Equal("#/$defs/secret", (string?)key["$ref"]);
        }
        else if (type == typeof(AuditKeyReference))
        {
            Assert.Equal("#/$defs/auditKey", (string?)key["$ref"]);
        }
        else if (type == typeof(string) || type == typeof(DateTimeOffset))
        {
            Assert.True((string?)schema["type"] == "string" || schema["enum"] is not null, where);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            Assert.Equal("array", (string)schema["type"]!);
            CompareType(type.GenericTypeArguments[0], schema["items"]!, where, compared);
        }
        else if (type.IsGenericType)
        {
            Assert.Equal("object", (string)schema["type"]!);
            CompareType(type.GenericTypeArguments[1], schema["patternProperties"]?.AsObject().Single().Value ?? schema["additionalProperties"]!, where, compared);
        }
        else
        {
            Compare(type, schema, where, compared);
        }
    }

    private static JsonNode Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
        {
            node = Schema["$defs"]![((string)reference!)["#/$defs/".Length..]]!;
        }

        return node;
    }

    /// <summary>An option's value as it is written in configuration.</summary>
    private static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        TimeSpan duration => JsonValue.Create(duration.ToString("c")),
        DateTimeOffset time => JsonValue.Create(time.ToString("o")),
        Enum or SecretReference or AuditKeyReference => JsonValue.Create(value.ToString()),
        JsonElement json => JsonNode.Parse(json.GetRawText()),
        System.Collections.IDictionary table => new JsonObject(table.Keys.Cast<string>().Select(name => KeyValuePair.Create(name, ToNode(table[name])))),
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object>().Select(ToNode)]),
        _ => new JsonObject(OptionProperties.Of(value.GetType()).Where(property => IsSet(value, property)).Select(property => KeyValuePair.Create(property.Name, ToNode(property.GetValue(value))))),
    };

    /// <summary>Whether an operator who wants this record has to write the property.</summary>
    private static bool IsSet(object options, PropertyInfo property) =>
        ToJson(property.GetValue(options)) != ToJson(property.GetValue(Activator.CreateInstance(options.GetType())));

    /// <remarks>NJsonSchema 10 knows "$defs" under its older name only.</remarks>
    private static Task<JsonSchema> ReadSchemaAsync() =>
        JsonSchema.FromJsonAsync(Schema.ToJsonString().Replace("$defs", "definitions", StringComparison.Ordinal), TestContext.Current.CancellationToken);

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Gateway.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Gateway.sln is not above the tests.");
    }
}
