namespace Gateway.Tests.Configuration;

/// <summary>Each mistake alone in an otherwise sound configuration: exactly one error, at its key, with what to write.</summary>
public sealed class ConfigurationErrorTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // Shape
    [InlineData("Nonsense", "1", "Nonsense", "known here are DataDirectory, Listeners")]
    [InlineData("Policy|Engin", "\"Cedar\"", "Policy:Engin", "did you mean Engine?")]
    [InlineData("Policy", "\"policies\"", "Policy", "must be an object")]
    [InlineData("Policy", "[]", "Policy", "must be an object")]
    [InlineData("Tools", "[ { \"Path\": \"/x\" } ]", "Tools", "must be an object")]
    [InlineData("Tools|github", "\"https://x\"", "Tools:github", "must be an object")]
    [InlineData("Credentials|key", "[]", "Credentials:key", "must be an object")]
    [InlineData("Tools|github|Path", "{}", "Tools:github:Path", "must be a single value, not an object: write a path prefix")]
    [InlineData("Tools|github|Path", "[\"/x\"]", "Tools:github:Path", "not a list")]
    [InlineData("Tools|github|Path", "\"\"", "Tools:github:Path", "must not be empty: write a path prefix")]
    [InlineData("Tools|github|Path", null, "Tools:github:Path", "is required: write a path prefix")]
    [InlineData("Tools|github|Path", "null", "Tools:github:Path", "is required")]
    [InlineData("Tools|github|OnlyOperations", "\"yes\"", "Tools:github:OnlyOperations", "true or false")]
    [InlineData("Tools|github|Groups", "\"scm\"", "Tools:github:Groups", "must be a list: write names of groups")]
    [InlineData("Tools|github|Groups", "{ \"a\": \"b\" }", "Tools:github:Groups", "must be a list")]
    [InlineData("Tools|github|Groups", "{}", "Tools:github:Groups", "must be a list")]
    [InlineData("Tools|github|Groups", "[null]", "Tools:github:Groups:0", "must not be null")]
    [InlineData("Tools|github|Groups", "[[]]", "Tools:github:Groups:0", "not a list")]
    [InlineData("Tools|github|Groups", "[\"a\\nb\"]", "Tools:github:Groups:0", "line breaks")]
    [InlineData("Tools|github|Labels", "{ \"a\": null }", "Tools:github:Labels:a", "must not be null")]
    [InlineData("Tools|github|Labels", "{ \"\": \"a\" }", "Tools:github:Labels:", "must have a name")]
    [InlineData("Tools|github|LoadBalancing", "\"Fastest\"", "Tools:github:LoadBalancing", "\"FirstAlphabetical\" or \"Random\"")]
    [InlineData("Tools|github|LoadBalancing", "1", "Tools:github:LoadBalancing", "\"FirstAlphabetical\"")]
    [InlineData("Tools|github|Timeout", "\"30\"", "Tools:github:Timeout", "\"00:00:30\"")]
    [InlineData("Tools|github|Timeout", "30", "Tools:github:Timeout", "\"00:00:30\"")]
    [InlineData("Tools|github|Timeout", "\"24:00:00\"", "Tools:github:Timeout", "\"1.00:00:00\"")]
    [InlineData("Tools|github|Timeout", "\"-00:00:30\"", "Tools:github:Timeout", "must be a duration")]
    [InlineData("Tools|github|Timeout", "\"00:00:00\"", "Tools:github:Timeout", "between 00:00:01 and 1.00:00:00")]
    // Listeners
    [InlineData("Listeners|Agents", "[]", "Listeners:Agents", "must have an entry")]
    [InlineData("Listeners|Agents", "[{}]", "Listeners:Agents:0:Url", "is required")]
    [InlineData("Listeners|Agents", "[\"http://127.0.0.1:1\"]", "Listeners:Agents:0", "must be an object")]
    [InlineData("Listeners|Admin|Url", "\"unix:/run/gateway.sock\"", "Listeners:Admin:Url", "Unix socket, which this version cannot")]
    [InlineData("Listeners|Admin|Url", "\"127.0.0.1:80\"", "Listeners:Admin:Url", "must be http:// or https://")]
    [InlineData("Listeners|Admin|Url", "\"http://127.0.0.1:80/admin\"", "Listeners:Admin:Url", "nothing behind it")]
    [InlineData("Listeners|Admin|Url", "\"http://gateway.example:80\"", "Listeners:Admin:Url", "IP address, localhost or *")]
    [InlineData("Listeners|Admin|Url", "\"http://1:80\"", "Listeners:Admin:Url", "IP address, localhost or *")]
    [InlineData("Listeners|Admin|Url", "\"http://127.0.0.1:65536\"", "Listeners:Admin:Url", "between 0 and 65535")]
    [InlineData("Listeners|Admin|Url", "\"http://localhost:0\"", "Listeners:Admin:Url", "where the port is 0")]
    [InlineData("Listeners|Admin|Url", "\"http://*:8080\"", "Listeners:Admin:Url", "Gateway:Listeners:Agents:0:Url")]
    [InlineData("Listeners|Admin|Url", "\"http://localhost:8080\"", "Listeners:Admin:Url", "Gateway:Listeners:Agents:0:Url")]
    [InlineData("Listeners|Admin|Url", "\"http://0.0.0.0:8080\"", "Listeners:Admin:Url", "Gateway:Listeners:Agents:0:Url")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"http://127.0.0.1:1\", \"Key\": \"k.pem\" }", "Listeners:Admin:Key", "belongs to an https listener")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"https://127.0.0.1:1\", \"Certificate\": \"good.pem\" }", "Listeners:Admin:Key", "is required for https")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"https://127.0.0.1:1\", \"Certificate\": \"no.pem\", \"Key\": \"good.key\" }", "Listeners:Admin:Certificate", "does not exist")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"https://127.0.0.1:1\", \"Certificate\": \"good.pem\", \"Key\": \"good.pem\" }", "Listeners:Admin:Certificate", "does not load")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"https://127.0.0.1:1\", \"Certificate\": \"good.pem\", \"Key\": \"other.key\" }", "Listeners:Admin:Certificate", "does not load")]
    // Identity
    [InlineData("Identity|Issuers|SPIFFE", "{ \"Issuer\": \"https://a\", \"Audiences\": [\"a\"] }", "Identity:Issuers:SPIFFE", "SPIFFE IDs")]
    [InlineData("Identity|Issuers|a b", "{ \"Issuer\": \"https://a\", \"Audiences\": [\"a\"] }", "Identity:Issuers:a b", "letters, digits")]
    [InlineData("Identity|Issuers|twin", "{ \"Issuer\": \"http://127.0.0.1:9100\", \"Audiences\": [\"a\"] }", "Identity:Issuers:twin:Issuer", "issuer of dev too")]
    [InlineData("Identity|Issuers|dev|Kind", "\"Kubernetes\"", "Identity:Issuers:dev:Kind", "\"Oidc\"")]
    [InlineData("Identity|Issuers|dev|Audiences", "[]", "Identity:Issuers:dev:Audiences", "must have an entry")]
    [InlineData("Identity|Issuers|dev|Audiences", "\"gateway\"", "Identity:Issuers:dev:Audiences", "must be a list: write what the tokens say")]
    [InlineData("Identity|Issuers|dev|Audiences", "[\"\"]", "Identity:Issuers:dev:Audiences:0", "must not be empty")]
    [InlineData("Identity|Issuers|dev|Issuer", "\"http://idp.example\"", "Identity:Issuers:dev:Issuer", "https://")]
    [InlineData("Identity|Issuers|dev|Issuer", "\"corp\"", "Identity:Issuers:dev:Issuer", "needs JwksUri or JwksFile")]
    [InlineData("Identity|Issuers|dev|JwksUri", "\"http://idp.example/keys\"", "Identity:Issuers:dev:JwksUri", "must begin with https://")]
    [InlineData("Identity|Issuers|dev|JwksFile", "\"none.json\"", "Identity:Issuers:dev:JwksFile", "does not exist")]
    [InlineData("Identity|Issuers|dev|Algorithms", "[]", "Identity:Issuers:dev:Algorithms", "must have an entry")]
    [InlineData("Identity|Issuers|dev|Algorithms", "[\"ES256\", \"HS256\"]", "Identity:Issuers:dev:Algorithms:1", "is symmetric")]
    [InlineData("Identity|Issuers|dev|Algorithms", "[\"none\"]", "Identity:Issuers:dev:Algorithms:0", "write one of RS256")]
    [InlineData("Identity|Issuers|dev|Algorithms", "[\"es256\"]", "Identity:Issuers:dev:Algorithms:0", "write one of RS256")]
    [InlineData("Identity|Issuers|dev|TokenTypes", "[]", "Identity:Issuers:dev:TokenTypes", "must have an entry")]
    [InlineData("Identity|Issuers|dev|ClockSkew", "\"00:05:01\"", "Identity:Issuers:dev:ClockSkew", "between 00:00:00 and 00:05:00")]
    [InlineData("Identity|Issuers|dev|MaxKeyAge", "\"00:05:00\"", "Identity:Issuers:dev:RefreshInterval", "MaxKeyAge")]
    [InlineData("Identity|Agents|alice", "{}", "Identity:Agents:alice", "\"corp:billing\"")]
    [InlineData("Identity|Agents|dev:", "{}", "Identity:Agents:dev:", "is not an agent id")]
    [InlineData("Identity|Agents|dev:alice", "{ \"Group\": [] }", "Identity:Agents:dev:alice:Group", "did you mean Groups?")]
    [InlineData("Identity|Agents|dev:alice", "\"finance\"", "Identity:Agents:dev:alice", "must be an object")]
    // Policy
    [InlineData("Policy|Engine", "\"Rego\"", "Policy:Engine", "\"Cedar\"")]
    [InlineData("Policy|Directory", "\"none\"", "Policy:Directory", "does not exist")]
    // Tools
    [InlineData("Tools|a b", "{ \"Path\": \"/a\", \"Upstream\": \"https://a\", \"Credential\": \"key\" }", "Tools:a b", "letters, digits")]
    [InlineData("Tools|Twin", "{ \"Path\": \"/GitHub\", \"Upstream\": \"https://a\", \"Credential\": \"key\" }", "Tools:Twin:Path", "is the path of github too")]
    [InlineData("Tools|a:b", "{}", "Tools:a:b", "has a colon")]
    [InlineData("Tools|github|Path", "\"github\"", "Tools:github:Path", "must begin with \"/\"")]
    [InlineData("Tools|github|Path", "\"/\"", "Tools:github:Path", "not end with it")]
    [InlineData("Tools|github|Path", "\"/a/\"", "Tools:github:Path", "not end with it")]
    [InlineData("Tools|github|Path", "\"/a//b\"", "Tools:github:Path", "segments of letters")]
    [InlineData("Tools|github|Path", "\"/a/../b\"", "Tools:github:Path", "segments of letters")]
    [InlineData("Tools|github|Path", "\"/a%2fb\"", "Tools:github:Path", "segments of letters")]
    [InlineData("Tools|github|Path", "\"/.Gateway/x\"", "Tools:github:Path", "/.gateway")]
    [InlineData("Tools|github|Upstream", null, "Tools:github:Upstream", "is required, unless there are Destinations")]
    [InlineData("Tools|github|Upstream", "\"api.github.com\"", "Tools:github:Upstream", "must be an absolute https or http URL")]
    [InlineData("Tools|github|Upstream", "\"ftp://api.github.com\"", "Tools:github:Upstream", "must be an absolute https or http URL")]
    [InlineData("Tools|github|Upstream", "\"https:///x\"", "Tools:github:Upstream", "must be an absolute https or http URL")]
    [InlineData("Tools|github|Upstream", "\"https://u:p@api.github.com\"", "Tools:github:Upstream", "user or a password")]
    [InlineData("Tools|github|Upstream", "\"https://@api.github.com\"", "Tools:github:Upstream", "user or a password")]
    [InlineData("Tools|github|Upstream", "\"https://api.github.com?a\"", "Tools:github:Upstream", "query")]
    [InlineData("Tools|github|Upstream", "\"https://api.github.com/#\"", "Tools:github:Upstream", "fragment")]
    [InlineData("Tools|github|Upstream", "\"https://api.github.com/a/../b\"", "Tools:github:Upstream", "plain path")]
    [InlineData("Tools|github|Upstream", "\"https://api.github.com/a//b\"", "Tools:github:Upstream", "plain path")]
    [InlineData("Tools|github|Upstream", "\"https://api.github.com\\\\x\"", "Tools:github:Upstream", "must be an absolute")]
    [InlineData("Tools|github|Upstream", "\"https://api.github.com/a\\\\x\"", "Tools:github:Upstream", "plain path")]
    [InlineData("Tools|github|Upstream", "\"https://api.github.com/a%2fx\"", "Tools:github:Upstream", "plain path")]
    [InlineData("Tools|github|Destinations", "{ \"a\": { \"Address\": \"https://a\" } }", "Tools:github:Upstream", "cannot stand beside Destinations")]
    [InlineData("Tools|github", "{ \"Path\": \"/x\", \"Credential\": \"key\", \"Destinations\": {} }", "Tools:github:Destinations", "must have an entry")]
    [InlineData("Tools|github", "{ \"Path\": \"/x\", \"Credential\": \"key\", \"Destinations\": \"https://a\" }", "Tools:github:Destinations", "must be an object: write servers")]
    [InlineData("Tools|github", "{ \"Path\": \"/x\", \"Credential\": \"key\", \"Destinatons\": {} }", "Tools:github:Destinatons", "did you mean Destinations?")]
    [InlineData("Tools|github", "{ \"Path\": \"/x\", \"Credential\": \"key\", \"Destinations\": { \"a\": {} } }", "Tools:github:Destinations:a:Address", "is required")]
    [InlineData("Tools|github", "{ \"Path\": \"/x\", \"Credential\": \"key\", \"Destinations\": { \"a\": { \"Address\": \"https://a\", \"Health\": \"a\" } } }", "Tools:github:Destinations:a:Health", "must be an absolute")]
    [InlineData("Tools|github|HealthCheck", "{ \"Active\": { \"Path\": \"healthz\" } }", "Tools:github:HealthCheck:Active:Path", "must begin with \"/\"")]
    [InlineData("Tools|github|AllowAddresses", "[\"10.0.0.0/8\", \"10.0.0.1/8\"]", "Tools:github:AllowAddresses:1", "host bits")]
    [InlineData("Tools|github|AllowAddresses", "[\"10\"]", "Tools:github:AllowAddresses:0", "an IP address or a CIDR block")]
    [InlineData("Tools|github|AllowAddresses", "[\"010.0.0.1\"]", "Tools:github:AllowAddresses:0", "an IP address or a CIDR block")]
    [InlineData("Tools|github|Credential", "\"Key\"", "Tools:github:Credential", "did you mean key?")]
    [InlineData("Tools|github|Credential", "\"something-else\"", "Tools:github:Credential", "there are key, oauth")]
    [InlineData("Tools|github|Credential", null, "Tools:github:Credential", "is required")]
    // Operations
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET\" }", "Tools:github:Operations:a", "a method, one space and a path")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"get /a\" }", "Tools:github:Operations:a", "upper case")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET  /a\" }", "Tools:github:Operations:a", "one space")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET a\" }", "Tools:github:Operations:a", "one space and a path")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /a//b\" }", "Tools:github:Operations:a", "empty segment")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /a/../b\" }", "Tools:github:Operations:a", "\"..\"")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /a?b\" }", "Tools:github:Operations:a", "between the slashes")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /a%20b\" }", "Tools:github:Operations:a", "between the slashes")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /{1}\" }", "Tools:github:Operations:a", "parameter as {name}")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /{a\" }", "Tools:github:Operations:a", "parameter as {name}")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /{a}{b}\" }", "Tools:github:Operations:a", "one in a segment")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /{a}/{a}\" }", "Tools:github:Operations:a", "twice")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /{**a}/b\" }", "Tools:github:Operations:a", "only the last segment")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /x{**a}\" }", "Tools:github:Operations:a", "stands alone")]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /x/{a}.csv\", \"b\": \"GET /x/{b}.csv\" }", "Tools:github:Operations:b", "same requests as a")]
    [InlineData("Tools|github|Operations", "{ \"*\": \"GET /\" }", "Tools:github:Operations:*", "letters, digits")]
    [InlineData("Tools|github|Operations", "{ \"GET\": \"GET /\" }", "Tools:github:Operations:GET", "lower-case letter")]
    [InlineData("Tools|github|Operations", "{ \"PURGE-ALL\": \"GET /\" }", "Tools:github:Operations:PURGE-ALL", "lower-case letter")]
    // Credentials
    [InlineData("Credentials|a b", "{ \"Type\": \"Static\", \"Value\": \"env:A\", \"Owner\": \"a\", \"NotAfter\": \"2027-01-01\" }", "Credentials:a b", "letters, digits")]
    [InlineData("Credentials|key|Type", "\"GitHubApp\"", "Credentials:key:Type", "\"Static\" or \"OAuth2ClientCredentials\"")]
    [InlineData("Credentials|key|Type", null, "Credentials:key:Type", "is required: write \"Static\"")]
    [InlineData("Credentials|key", "{ \"Typ\": \"Static\" }", "Credentials:key:Typ", "did you mean Type?")]
    [InlineData("Credentials|key|ClientId", "\"a\"", "Credentials:key:ClientId", "known here are Type, Value")]
    [InlineData("Credentials|key|Value", null, "Credentials:key:Value", "is required: write a reference")]
    [InlineData("Credentials|key|Value", "\"vault:kv/a#b\"", "Credentials:key:Value", "Vault, which this version cannot read")]
    [InlineData("Credentials|key|Value", "\"secret:\"", "Credentials:key:Value", "behind \"secret:\"")]
    [InlineData("Credentials|key|Value", "\"env:a b\"", "Credentials:key:Value", "behind \"env:\"")]
    [InlineData("Credentials|key|Value", "\"file:\"", "Credentials:key:Value", "behind \"file:\"")]
    [InlineData("Credentials|key|NotAfter", null, "Credentials:key:NotAfter", "is required: write the secret's last day such as \"2027-01-31\"")]
    [InlineData("Credentials|key|Owner", null, "Credentials:key:Owner", "is required: write who answers for the secret")]
    [InlineData("State|Retention", "\"00:10:00\"", "State:Retention", "01:00:00")]
    [InlineData("State|Provider", "\"Redis\"", "State:Provider", "\"Embedded\"")]
    [InlineData("Credentials|oauth", "{ \"Type\": \"OAuth2ClientCredentials\", \"TokenEndpoint\": \"https://idp.example/t\", \"ClientId\": \"a\", \"ClientSecret\": \"env:A\", \"RevocationEndpoint\": \"http://idp.example/r\" }", "Credentials:oauth:RevocationEndpoint", "https")]
    [InlineData("Credentials|key|NotAfter", "\"31.01.2027\"", "Credentials:key:NotAfter", "\"2027-01-31\"")]
    [InlineData("Credentials|key|NotAfter", "\"2027-02-30\"", "Credentials:key:NotAfter", "\"2027-01-31\"")]
    [InlineData("Credentials|key|NotAfter", "\"2027-01-31T12:00:00\"", "Credentials:key:NotAfter", "offset")]
    [InlineData("Credentials|key|Lifetime", "\"00:00:01\"", "Credentials:key:Lifetime", "between 00:00:10")]
    [InlineData("Credentials|key|Inject", "[]", "Credentials:key:Inject", "must have an entry")]
    [InlineData("Credentials|key|Inject", "[{}]", "Credentials:key:Inject:0:Header", "unless there is Basic")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A\" }]", "Credentials:key:Inject:0:Value", "\"{value}\"")]
    [InlineData("Credentials|key|Inject", "[{ \"Value\": \"{value}\" }]", "Credentials:key:Inject:0:Header", "is required beside Value")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A B\", \"Value\": \"{value}\" }]", "Credentials:key:Inject:0:Header", "RFC 9110")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"host\", \"Value\": \"{value}\" }]", "Credentials:key:Inject:0:Header", "neither frames nor routes")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"Proxy-Authorization\", \"Value\": \"{value}\" }]", "Credentials:key:Inject:0:Header", "neither frames nor routes")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"gateway-task\", \"Value\": \"{value}\" }]", "Credentials:key:Inject:0:Header", "neither frames nor routes")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A\", \"Value\": \"{token}\" }]", "Credentials:key:Inject:0:Value", "write {value}")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A\", \"Value\": \"{value\" }]", "Credentials:key:Inject:0:Value", "write {value}")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A\", \"Value\": \"{{value}}\" }]", "Credentials:key:Inject:0:Value", "must have a placeholder")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A\", \"Value\": \"ä{value}\" }]", "Credentials:key:Inject:0:Value", "ASCII")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A\", \"Value\": \"{value}\" }, { \"Header\": \"a\", \"Value\": \"{value}\" }]", "Credentials:key:Inject:1:Header", "before sets too")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"Authorization\", \"Value\": \"{value}\" }, { \"Basic\": { \"User\": \"u\", \"Password\": \"{value}\" } }]", "Credentials:key:Inject:1:Basic", "before sets too")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"A\", \"Basic\": { \"User\": \"u\", \"Password\": \"{value}\" } }]", "Credentials:key:Inject:0:Basic", "cannot stand beside")]
    [InlineData("Credentials|key|Inject", "[{ \"Basic\": { \"User\": \"u:v\", \"Password\": \"{value}\" } }]", "Credentials:key:Inject:0:Basic:User", "colon")]
    [InlineData("Credentials|key|Inject", "[{ \"Basic\": { \"User\": \"u\", \"Password\": \"p\" } }]", "Credentials:key:Inject:0:Basic:Password", "must have a placeholder")]
    [InlineData("Credentials|oauth|TokenEndpoint", "\"http://idp.example/token\"", "Credentials:oauth:TokenEndpoint", "must begin with https://")]
    [InlineData("Credentials|oauth|TokenEndpoint", "\"https://idp.example/token#x\"", "Credentials:oauth:TokenEndpoint", "fragment")]
    [InlineData("Credentials|oauth|TokenEndpoint", null, "Credentials:oauth:TokenEndpoint", "is required")]
    [InlineData("Credentials|oauth|ClientId", null, "Credentials:oauth:ClientId", "is required")]
    [InlineData("Credentials|oauth|ClientSecret", "\"clear\"", "Credentials:oauth:ClientSecret", "must be a reference")]
    [InlineData("Credentials|oauth|ClientAuthentication", "\"Jwt\"", "Credentials:oauth:ClientAuthentication", "\"Basic\" or \"Post\"")]
    [InlineData("Credentials|oauth|Scope", "\"a  b\"", "Credentials:oauth:Scope", "one space")]
    [InlineData("Credentials|oauth|Resource", "\"/api\"", "Credentials:oauth:Resource", "absolute URI")]
    [InlineData("Credentials|oauth|Inject", "[{ \"Header\": \"A\", \"Value\": \"{value}\" }]", "Credentials:oauth:Inject:0:Value", "write {token} and {access_token}")]
    public void Load_OneMistake_IsReportedAtItsKey(string key, string? json, string expectedKey, string expectedMessage)
    {
        _folder.WriteCertificate("good.pem", "good.key");
        _folder.WriteCertificate("other.pem", "other.key");
        var result = _folder.LoadWith(
            ("Credentials|oauth", "{ \"Type\": \"OAuth2ClientCredentials\", \"TokenEndpoint\": \"https://idp.example/token\", \"ClientId\": \"gw\", \"ClientSecret\": \"secret:oauth\" }"),
            (key, json));

        var error = Assert.Single(result.Errors);
        Assert.Null(result.Options);
        Assert.Equal($"Gateway:{expectedKey}", error.Key);
        Assert.Contains(expectedMessage, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tools|github|Operations", "{ \"a\": \"GET /\", \"b\": \"GET /a\", \"c\": \"GET /a/\", \"d\": \"POST /a\", \"e\": \"GET /{x}\", \"f\": \"GET /v{x}\", \"g\": \"GET /a/{**rest}\", \"h/i_j-k.l\": \"M-SEARCH /@(a)\" }")]
    [InlineData("Tools|deeper", "{ \"Path\": \"/github/enterprise\", \"Upstream\": \"http://[::1]:5000/base/\", \"Credential\": \"key\" }")]
    [InlineData("Tools|github|AllowAddresses", "[\"10.0.0.0/8\", \"127.0.0.1\", \"fd00::/8\", \"::1\"]")]
    [InlineData("Identity|Issuers|dev|TokenTypes", "[\"\"]")]
    [InlineData("Identity|Issuers|corp", "{ \"kind\": \"oidc\", \"Issuer\": \"urn:corp\", \"Audiences\": [\"a\"], \"JwksUri\": \"http://localhost:1/keys?a=b\", \"Algorithms\": [\"ES256\"], \"MaxLifetime\": null }")]
    [InlineData("Listeners", "{ \"Agents\": [ { \"Url\": \"http://127.0.0.1:0\" }, { \"Url\": \"http://127.0.0.1:0\" }, { \"Url\": \"http://[::1]:81\" } ], \"Admin\": { \"Url\": \"http://127.0.0.1:81/\" } }")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"X-A\", \"Value\": \"{{a}} {value}\" }, { \"Basic\": { \"User\": \"{value}\", \"Password\": \"x{value}\" } }]")]
    [InlineData("Credentials|key|NotAfter", "\"2027-01-31T12:00:00.5-08:00\"")]
    [InlineData("Tools|github|HealthCheck", "{ \"Active\": { \"Enabled\": false, \"Path\": \"/h\" }, \"Passive\": {} }")]
    public void Load_UnusualButSound_HasNoErrorsAndNoWarnings(string key, string json)
    {
        var result = _folder.LoadWith((key, json));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("Listeners|Admin|Url", "\"http://0.0.0.0:8081\"", "Listeners:Admin:Url")]
    [InlineData("Identity|Issuers", null, "Identity:Issuers")]
    [InlineData("Identity|Agents|nobody:x", "{}", "Identity:Agents:nobody:x")]
    [InlineData("Identity|Agents|spiffe://example.org/agent/billing", "{}", "Identity:Agents:spiffe://example.org/agent/billing")]
    [InlineData("Policy|Directory", "\"empty\"", "Policy:Directory")]
    [InlineData("Policy|Mode", "\"Observe\"", "Policy:Mode")]
    [InlineData("Tools", "{}", "Tools")]
    [InlineData("Tools|github|Upstream", "\"http://api.example\"", "Tools:github:Upstream")]
    [InlineData("Tools|github|OnlyOperations", "true", "Tools:github:OnlyOperations")]
    [InlineData("Credentials|key|NotAfter", "\"2026-11-20\"", "Credentials:key:NotAfter")]
    [InlineData("Credentials|key|NotAfter", "\"2026-12-01\"", "Credentials:key:NotAfter")]
    public void Load_Questionable_IsOnlyAWarning(string key, string? json, string expectedKey)
    {
        Directory.CreateDirectory(_folder.Absolute("empty"));

        var result = _folder.LoadWith((key, json));

        Assert.Empty(result.Errors);
        Assert.NotNull(result.Options);
        Assert.Equal($"Gateway:{expectedKey}", Assert.Single(result.Warnings).Key);
    }

    [Fact]
    public void Load_JwksUriBesideJwksFile_IsAnError()
    {
        var result = _folder.LoadWith(("Identity|Issuers|dev|JwksUri", "\"https://idp.example/keys\""), ("Identity|Issuers|dev|JwksFile", "\"keys.json\""));

        Assert.Equal("Gateway:Identity:Issuers:dev:JwksFile", Assert.Single(result.Errors).Key);
    }

    [Fact]
    public void Load_UnreachableThings_AreErrorsOnlyWhenAskedFor()
    {
        (string, string?)[] changes =
        [
            ("DataDirectory", "\"policies/all.cedar/data\""),
            ("Audit|Directory", "\"policies/all.cedar\""),
            ("Credentials|key|Value", "\"file:none\""),
            ("Credentials|other", "{ \"Type\": \"Static\", \"Value\": \"env:GATEWAY_TESTS_UNSET\", \"Owner\": \"a\", \"NotAfter\": \"2027-01-01\" }"),
        ];
        Assert.Empty(_folder.LoadWith(changes).Errors);

        _folder.CheckReachability = true;
        var result = _folder.LoadWith(changes);

        Assert.Equal(["Gateway:Credentials:key:Value", "Gateway:DataDirectory", "Gateway:Audit:Directory"], result.Errors.Select(error => error.Key));
        Assert.Equal(["Gateway:Credentials:other:Value"], result.Warnings.Select(warning => warning.Key));
    }

    [Fact]
    public void Load_ReachableThings_LeaveNothingBehind()
    {
        _folder.CheckReachability = true;
        _folder.Write("secret.txt", "x");

        var result = _folder.LoadWith(("Credentials|key|Value", "\"file:secret.txt\""), ("Audit|Directory", "\"a/b/c\""));

        Assert.Empty(result.Errors);
        Assert.Equal(["gateway.json", "policies", "secret.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }
}
