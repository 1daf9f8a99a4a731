using Gateway.Configuration;
using Gateway.Core.Credentials;

namespace Gateway.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_MinimalFile_FillsDefaultsAndResolvesPaths()
    {
        var result = _folder.Load(ConfigurationFolder.Minimal);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        var options = Sound(result);
        Assert.Equal(_folder.Absolute("data"), options.DataDirectory);
        Assert.Equal(_folder.Absolute("audit"), options.Audit.Directory);
        Assert.Equal(_folder.Absolute("policies"), options.Policy.Directory);
        Assert.Equal("http://127.0.0.1:8080", Assert.Single(options.Listeners.Agents).Url);
        Assert.Equal("http://127.0.0.1:8081", options.Listeners.Admin.Url);
        var issuer = options.Identity.Issuers["dev"];
        Assert.Equal(TimeSpan.FromSeconds(30), issuer.ClockSkew);
        Assert.Equal(["gateway"], issuer.Audiences);
        Assert.Equal(["", "JWT", "at+jwt"], issuer.TokenTypes);
        var tool = options.Tools["github"];
        Assert.Equal(TimeSpan.FromSeconds(100), tool.Timeout);
        Assert.Equal("https://api.github.com", Assert.Single(tool.AllDestinations).Value.Address);
        var credential = Assert.IsType<StaticCredentialOptions>(options.Credentials["key"]);
        Assert.Equal(new SecretReference("secret", "key"), credential.Value);
        Assert.Equal(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1), credential.NotAfter);
        Assert.Equal(new InjectOptions { Header = "Authorization", Value = "Bearer {value}" }, Assert.Single(credential.Inject));
    }

    [Fact]
    public void Load_FiveMistakesOfDifferentKinds_ReportsExactlyTheseInFileOrder()
    {
        var result = _folder.Load("""
            {
              "Gateway": {
                "Listeners": { "Agents": [ { "Url": "http://127.0.0.1:8080" } ], "Admin": { "Url": "http://127.0.0.1:8080" } },
                "Identity": { "Issuers": { "dev": { "Issuer": "http://127.0.0.1:9100", "Audiences": ["gateway"], "ClockSkew": "30s" } } },
                "Tools": {
                  "github": { "Path": "github/", "Upstrem": "https://api.github.com", "Credential": "key" }
                },
                "Credentials": { "key": { "Type": "Static", "Value": "hunter2-in-clear", "Owner": "us", "NotAfter": "2027-01-31" } }
              }
            }
            """);

        Assert.Null(result.Options);
        Assert.Equal(
            [
                "Gateway:Listeners:Admin:Url",
                "Gateway:Identity:Issuers:dev:ClockSkew",
                "Gateway:Tools:github:Path",
                "Gateway:Tools:github:Upstrem",
                "Gateway:Credentials:key:Value",
            ],
            result.Errors.Select(error => error.Key));
        Assert.Contains("did you mean Upstream?", result.Errors[3].Message, StringComparison.Ordinal);
        Assert.Contains("secret:NAME", result.Errors[4].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CommentsTrailingCommasAndByteOrderMark_AreRead()
    {
        var json = "\uFEFF// first\n" + ConfigurationFolder.Minimal
            .Replace("[\"gateway\"]", "[\"gateway\", /* last */]", StringComparison.Ordinal)
            .Replace("\"https://api.github.com\",", "\"https://api.github.com\", // the API", StringComparison.Ordinal) + "\n// end\n";
        json = json.Replace("// the API \"Credential\"", "// the API\n\"Credential\"", StringComparison.Ordinal);

        Assert.Empty(_folder.Load(json).Errors);
    }

    [Fact]
    public void Load_OtherSections_AreLeftAlone() =>
        Assert.Empty(_folder.Load(ConfigurationFolder.Minimal.Replace(
            "\"Gateway\":", "\"$schema\": \"x\", \"AllowedHosts\": \"*\", \"Logging\": { \"LogLevel\": { \"Default\": \"Debug\" } }, \"Gateway\":", StringComparison.Ordinal)).Errors);

    [Theory]
    [InlineData("{\n  \"Gateway\": {\n    \"ü\": hunter2\n  }\n}", "line 3, column 10")]
    [InlineData("{\n  \"Gateway\": {\n    \"DataDirectory\": thunter2\n  }\n}", "line 3, column")]
    [InlineData("{\n  \"Gateway\": {\n", "line 3, column 1")]
    [InlineData("", "line 1, column 1")]
    [InlineData("{} {}", "line 1, column 4")]
    public void Load_InvalidJson_NamesLineAndColumnButNotTheText(string json, string position)
    {
        var result = _folder.Load(json);

        var error = Assert.Single(result.Errors);
        Assert.Equal(_folder.Absolute("gateway.json"), error.Key);
        Assert.Contains(position, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "{ \"Gateway\": { … } }")]
    [InlineData("{ \"Gateway\": { \"DataDirectory\": \"\\ud800\" } }", "Unicode")]
    public void Load_FileOfTheWrongKind_SaysWhatToWrite(string json, string expected) =>
        Assert.Contains(expected, Assert.Single(_folder.Load(json).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_NoGatewaySection_IsAnError()
    {
        Assert.Equal("Gateway", Assert.Single(_folder.Load("{ \"Gatway\": {} }").Errors).Key);
        Assert.Equal("Gateway", Assert.Single(_folder.Load("{ \"Gateway\": null }").Errors).Key);
    }

    [Fact]
    public void Load_MissingFileOrDirectory_IsAnError()
    {
        Assert.Equal(_folder.Absolute("none.json"), Assert.Single(_folder.LoadFile("none.json").Errors).Key);
        Assert.Equal(_folder.Absolute("policies"), Assert.Single(_folder.LoadFile("policies").Errors).Key);
    }

    [Theory]
    [InlineData("\"Policy\": { \"Directory\": \"policies\", \"Directory\": \"other\" }", "Gateway:Policy:Directory", "line 3")]
    [InlineData("\"Policy\": { \"Directory\": \"policies\", \"directory\": \"other\" }", "Gateway:Policy:directory", "upper and lower case")]
    [InlineData("\"Audit\": {},\n \"Audit\": { \"Directory\": \"audit\" }", "Gateway:Audit", "line 4")]
    public void Load_DuplicateKey_IsAnErrorWithItsLine(string json, string key, string expected)
    {
        var result = _folder.Load(ConfigurationFolder.Minimal.Replace("\"Gateway\": {", "\"Gateway\": {\n" + json + ",", StringComparison.Ordinal));

        var error = Assert.Single(result.Errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ColonInAKeyOfTheFile_IsAnError()
    {
        var result = _folder.Load(ConfigurationFolder.Minimal.Replace("\"Gateway\":", "\"Gateway:Policy:Directory\": \"x\", \"Gateway\":", StringComparison.Ordinal));

        Assert.Equal("Gateway:Policy:Directory", Assert.Single(result.Errors).Key);
    }

    [Fact]
    public void Load_EnvironmentAndCommandLine_OverrideInThisOrder()
    {
        Directory.CreateDirectory(_folder.Absolute("p1"));
        Directory.CreateDirectory(_folder.Absolute("p2"));
        _folder.Environment["Gateway__Policy__Directory"] = "p1";
        _folder.Environment["GATEWAY__TOOLS__GITHUB__PATH"] = "/hub";
        _folder.Environment["Gateway__Tools__extra__Path"] = "/extra";
        _folder.Environment["Gateway__Tools__extra__Upstream"] = "https://extra.example";
        _folder.Environment["Gateway__Tools__extra__Credential"] = "key";
        _folder.Environment["Gateway__Identity__Issuers__dev__Audiences__1"] = "second";
        _folder.Environment["Gateway__Tools__extra__Groups__0"] = "a";
        _folder.Environment["GATEWAY"] = "not ours";
        _folder.Environment["GATEWAY_PORT"] = "not ours";
        _folder.CommandLine.AddRange(["--urls=http://x", "-v=1", "/Gateway:Tools:extra:Labels:a=b=c", "--Gateway:Policy:Directory=p2", "--Gateway:Tools:extra:Timeout", "00:00:05"]);

        var options = Sound(_folder.Load(ConfigurationFolder.Minimal));

        Assert.Equal(_folder.Absolute("p2"), options.Policy.Directory);
        Assert.Equal(["github", "extra"], options.Tools.Keys);
        Assert.Equal("/hub", options.Tools["github"].Path);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Tools["extra"].Timeout);
        Assert.Equal(["a"], options.Tools["extra"].Groups);
        Assert.Equal("b=c", options.Tools["extra"].Labels["a"]);
        Assert.Equal(["gateway", "second"], options.Identity.Issuers["dev"].Audiences);
    }

    [Fact]
    public void Load_WrongOverride_NamesItsOrigin()
    {
        _folder.Environment["Gateway__Tools__github__Timeout"] = "soon";
        _folder.CommandLine.AddRange(["--Gateway:Tools:github:Path=github", "--Gateway:Audit:Directory"]);
        _folder.Environment["Gateway__Identity__Issuers__dev__Audiences__2"] = "gap";

        var errors = _folder.Load(ConfigurationFolder.Minimal).Errors;

        Assert.Contains("the environment variable Gateway__Tools__github__Timeout", errors.Single(error => error.Key == "Gateway:Tools:github:Timeout").Message, StringComparison.Ordinal);
        Assert.Contains("the command line", errors.Single(error => error.Key == "Gateway:Tools:github:Path").Message, StringComparison.Ordinal);
        Assert.Contains("entry 1 is missing", errors.Single(error => error.Key == "Gateway:Identity:Issuers:dev:Audiences").Message, StringComparison.Ordinal);
        Assert.Contains("--Gateway:Audit:Directory=VALUE", errors.Single(error => error.Key == "Gateway:Audit:Directory").Message, StringComparison.Ordinal);
        Assert.Equal(4, errors.Count);
    }

    [Fact]
    public void Load_AgentIdsWithColons_AreKeysOfTheirOwn()
    {
        _folder.Environment["Gateway__Identity__Agents__dev:system:sa:ns:two__Groups__0"] = "b";
        _folder.Environment["Gateway__Identity__Agents__dev:system:sa:ns:one__Labels__team"] = "y";
        _folder.CommandLine.Add("--Gateway:Identity:Agents:dev:Groups:Groups:0=c");

        var agents = Sound(_folder.LoadWith(("Identity|Agents", """
            {
              "dev:system:sa:ns:one": { "Groups": ["a"], "Labels": { "environment": "prod" } },
              "dev:Alice": { "Groups": ["upper"] },
              "dev:alice": {}
            }
            """))).Identity.Agents;

        Assert.Equal(["dev:system:sa:ns:one", "dev:Alice", "dev:alice", "dev:system:sa:ns:two", "dev:Groups"], agents.Keys);
        Assert.Equal(["a"], agents["dev:system:sa:ns:one"].Groups);
        Assert.Equal("prod", agents["dev:system:sa:ns:one"].Labels["environment"]);
        Assert.Equal("y", agents["dev:system:sa:ns:one"].Labels["team"]);
        Assert.Empty(agents["dev:alice"].Groups);
        Assert.Equal(["b"], agents["dev:system:sa:ns:two"].Groups);
        Assert.Equal(["c"], agents["dev:Groups"].Groups);
    }

    [Fact]
    public void Load_RelativePaths_AreRelativeToTheFile()
    {
        _folder.WriteCertificate("conf/tls/a.pem", "conf/tls/a.key");
        _folder.Write("conf/keys.json", "{}");
        _folder.Write("conf/gateway.json", """
            {
              "Gateway": {
                "DataDirectory": "../state/",
                "Listeners": {
                  "Agents": [ { "Url": "https://127.0.0.1:8443", "Certificate": "tls/a.pem", "Key": "tls/a.key" } ]
                },
                "Identity": { "Issuers": { "dev": { "Issuer": "any text", "Audiences": ["gateway"], "JwksFile": "keys.json" } } },
                "Policy": { "Directory": "../policies" },
                "Tools": { "t": { "Path": "/t", "Upstream": "https://t.example", "Credential": "key" } },
                "Credentials": { "key": { "Type": "Static", "Value": "file:secrets/key", "Owner": "us", "NotAfter": "2027-01-31T10:00:00+02:00" } },
                "Audit": { "Directory": "/var/log/gateway" }
              }
            }
            """);

        var options = Sound(_folder.LoadFile("conf/gateway.json"));

        Assert.Equal(_folder.Absolute("state"), options.DataDirectory);
        Assert.Equal(_folder.Absolute("policies"), options.Policy.Directory);
        Assert.Equal("/var/log/gateway", options.Audit.Directory);
        Assert.Equal(_folder.Absolute("conf/tls/a.pem"), options.Listeners.Agents[0].Certificate);
        Assert.Equal(_folder.Absolute("conf/tls/a.key"), options.Listeners.Agents[0].Key);
        Assert.Equal(_folder.Absolute("conf/keys.json"), options.Identity.Issuers["dev"].JwksFile);
        var credential = Assert.IsType<StaticCredentialOptions>(options.Credentials["key"]);
        Assert.Equal(new SecretReference("file", _folder.Absolute("conf/secrets/key")), credential.Value);
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 8, 0, 0, TimeSpan.Zero), credential.NotAfter);
    }

    private static GatewayOptions Sound(ConfigurationResult result)
    {
        Assert.Empty(result.Errors);
        Assert.NotNull(result.Options);
        return result.Options;
    }
}
