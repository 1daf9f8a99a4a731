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
    [InlineData("Tools|github|LoggedQuery", "[\"\"]", "Tools:github:LoggedQuery:0", "must")]
    [InlineData("Tools|github|LoggedQuery", "[\"access_token\"]", "Tools:github:LoggedQuery:0", "secrets travel")]
    [InlineData("Tools|github|LoggedQuery", "[\"Key\"]", "Tools:github:LoggedQuery:0", "secrets travel")]
    [InlineData("Tools|github|LoggedHeaders", "[\"X Y\"]", "Tools:github:LoggedHeaders:0", "must be the name of a header field")]
    [InlineData("Tools|github|LoggedHeaders", "[\"Gateway-Identity\"]", "Tools:github:LoggedHeaders:0", "must be the name of a header field")]
    [InlineData("Tools|github|LoggedHeaders", "[\"authorization\"]", "Tools:github:LoggedHeaders:0", "never logged")]
    [InlineData("Tools|github|LoggedHeaders", "[\"X-Reason\", \"Cookie\"]", "Tools:github:LoggedHeaders:1", "never logged")]
    [InlineData("Tools|github|LoggedHeaders", "[\"X-Api-Key\"]", "Tools:github:LoggedHeaders:0", "never logged")]
    [InlineData("Audit", "{ \"Instance\": \"a\\nb\" }", "Audit:Instance", "control character")]
    [InlineData("Audit", "{ \"Alerts\": { \"MaxPerMinute\": 0 } }", "Audit:Alerts:MaxPerMinute", "from 1 to 10000")]
    [InlineData("Audit", "{ \"Alerts\": { \"DenialsPerMinute\": 0 } }", "Audit:Alerts:DenialsPerMinute", "from 1 to 1000000")]
    [InlineData("Audit", "{ \"Alerts\": { \"Window\": \"00:00:00\" } }", "Audit:Alerts:Window", "between 00:00:01 and 1.00:00:00")]
    // Sinks
    [InlineData("Audit|Sinks|a b", "{ \"Type\": \"Otlp\" }", "Audit:Sinks:a b", "letters, digits")]
    [InlineData("Audit|Sinks|otlp", "{ \"Type\": \"Kafka\" }", "Audit:Sinks:otlp:Type", "\"Otlp\" or \"Syslog\" or \"Webhook\"")]
    [InlineData("Audit", "{ \"Otlp\": true, \"Sinks\": { \"otlp\": { \"Type\": \"Otlp\" } } }", "Audit:Otlp", "there is one already")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Otlp\", \"Endpoint\": \"http://collector:4318/v1/logs\" }", "Audit:Sinks:x:Endpoint", "must begin with https://")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Otlp\", \"Protocol\": \"Thrift\" }", "Audit:Sinks:x:Protocol", "\"HttpProtobuf\" or \"HttpJson\" or \"Grpc\"")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Otlp\", \"Headers\": { \"Host\": \"secret:a\" } }", "Audit:Sinks:x:Headers:Host", "name of a header")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Otlp\", \"BatchRecords\": 0 }", "Audit:Sinks:x:BatchRecords", "from 1 to 10000")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Otlp\", \"BatchBytes\": 1000 }", "Audit:Sinks:x:BatchBytes", "from 65536 to 16777216")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Otlp\", \"CaFile\": \"none.pem\" }", "Audit:Sinks:x:CaFile", "does not exist")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Otlp\", \"Certificate\": \"policies/all.cedar\" }", "Audit:Sinks:x:Key", "go together")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Syslog\" }", "Audit:Sinks:x:Host", "is required")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Syslog\", \"Host\": \"siem.example:6514\" }", "Audit:Sinks:x:Host", "without a port")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Syslog\", \"Host\": \"siem.example\", \"Port\": 0 }", "Audit:Sinks:x:Port", "from 1 to 65535")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Syslog\", \"Host\": \"siem.example\", \"Facility\": 24 }", "Audit:Sinks:x:Facility", "from 0 to 23")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Syslog\", \"Host\": \"siem.example\", \"AppName\": \"my gateway\" }", "Audit:Sinks:x:AppName", "without blanks")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Webhook\", \"Url\": \"http://splunk.example\" }", "Audit:Sinks:x:Url", "must begin with https://")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Webhook\", \"Url\": \"https://splunk.example\", \"Value\": \"clear\" }", "Audit:Sinks:x:Value", "secret")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Webhook\", \"Url\": \"https://splunk.example\", \"Header\": \"Content-Type\" }", "Audit:Sinks:x:Header", "name of a header")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Webhook\", \"Url\": \"https://splunk.example\", \"Scheme\": \"Splunk\" }", "Audit:Sinks:x:Value", "is required beside Scheme")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Webhook\", \"Url\": \"https://splunk.example\", \"Scheme\": \"Splunk token\", \"Value\": \"secret:a\" }", "Audit:Sinks:x:Scheme", "one word")]
    [InlineData("Audit|Sinks|x", "{ \"Type\": \"Webhook\", \"Url\": \"https://splunk.example\", \"Interval\": \"00:10:00\" }", "Audit:Sinks:x:Interval", "between")]
    // Listeners
    [InlineData("Listeners|Agents", "[]", "Listeners:Agents", "must have an entry")]
    [InlineData("Listeners|Agents", "[{}]", "Listeners:Agents:0:Url", "is required")]
    [InlineData("Listeners|Agents", "[\"http://127.0.0.1:1\"]", "Listeners:Agents:0", "must be an object")]
    [InlineData("Listeners|Admin|Url", "\"unix:\"", "Listeners:Admin:Url", "the path of a file behind \"unix:\"")]
    [InlineData("Listeners|Admin|Url", "\"unix:sockets/\"", "Listeners:Admin:Url", "the path of a file behind \"unix:\"")]
    [InlineData("Listeners|Admin|Url", "\"unix:/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/agents.sock\"", "Listeners:Admin:Url", "at most 107 bytes")]
    [InlineData("Listeners", "{ \"Agents\": [ { \"Url\": \"unix:/run/a.sock\" } ], \"Admin\": { \"Url\": \"unix:/run/../run/a.sock\" } }", "Listeners:Admin:Url", "choose another")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"unix:/run/a.sock\", \"Mode\": \"rw-rw----\" }", "Listeners:Admin:Mode", "three octal digits")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"unix:/run/a.sock\", \"Mode\": \"4660\" }", "Listeners:Admin:Mode", "three octal digits")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"unix:/run/a.sock\", \"Group\": \"no-such-group\" }", "Listeners:Admin:Group", "no group of this machine")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"unix:/run/a.sock\", \"Key\": \"k.pem\" }", "Listeners:Admin:Key", "belongs to an https listener")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"http://127.0.0.1:1\", \"Mode\": \"0660\" }", "Listeners:Admin:Mode", "belongs to a Unix socket")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"http://127.0.0.1:1\", \"Group\": \"0\" }", "Listeners:Admin:Group", "belongs to a Unix socket")]
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
    [InlineData("Listeners|Agents", "[ { \"Url\": \"http://127.0.0.1:1\", \"ClientCertificate\": \"Accept\" } ]", "Listeners:Agents:0:ClientCertificate", "belongs to an https listener")]
    [InlineData("Listeners|Agents", "[ { \"Url\": \"http://127.0.0.1:1\", \"ClientCertificate\": \"Maybe\" } ]", "Listeners:Agents:0:ClientCertificate", "\"Require\"")]
    [InlineData("Listeners|Admin", "{ \"Url\": \"https://127.0.0.1:1\", \"Certificate\": \"good.pem\", \"Key\": \"good.key\", \"ClientCertificate\": \"Require\" }", "Listeners:Admin:ClientCertificate", "agents' listeners")]
    [InlineData("Identity|TrustDomains|Example.org", "{ \"BundleFile\": \"good.pem\" }", "Identity:TrustDomains:Example.org", "small letters")]
    [InlineData("Identity|TrustDomains|dev", "{ \"BundleFile\": \"good.pem\" }", "Identity:TrustDomains:dev", "name of an issuer too")]
    [InlineData("Identity|TrustDomains|example.org", "{}", "Identity:TrustDomains:example.org:BundleFile", "is required without BundleEndpoint")]
    [InlineData("Identity|TrustDomains|example.org", "{ \"BundleFile\": \"none.json\" }", "Identity:TrustDomains:example.org:BundleFile", "does not exist")]
    [InlineData("Identity|TrustDomains|example.org", "{ \"BundleFile\": \"good.pem\", \"Audiences\": [] }", "Identity:TrustDomains:example.org:Audiences", "must have an entry")]
    [InlineData("Identity|TrustDomains|example.org", "{ \"BundleFile\": \"good.pem\", \"RefreshInterval\": \"00:02:00\", \"MaxBundleAge\": \"00:01:00\" }", "Identity:TrustDomains:example.org:RefreshInterval", "MaxBundleAge")]
    [InlineData("Identity|TrustDomains|example.org|BundleEndpoint", "{ \"Url\": \"https://a\" }", "Identity:TrustDomains:example.org:BundleEndpoint:Profile", "\"https_web\" or \"https_spiffe\"")]
    [InlineData("Identity|TrustDomains|example.org|BundleEndpoint", "{ \"Url\": \"http://127.0.0.1\", \"Profile\": \"https_web\" }", "Identity:TrustDomains:example.org:BundleEndpoint:Url", "must begin with https://")]
    [InlineData("Identity|TrustDomains|example.org|BundleEndpoint", "{ \"Url\": \"https://a\", \"Profile\": \"https_web\", \"SpiffeId\": \"spiffe://example.org/s\" }", "Identity:TrustDomains:example.org:BundleEndpoint:SpiffeId", "belongs to the profile https_spiffe")]
    [InlineData("Identity|TrustDomains|example.org|BundleEndpoint", "{ \"Url\": \"https://a\", \"Profile\": \"https_web\", \"CaFile\": \"good.key\" }", "Identity:TrustDomains:example.org:BundleEndpoint:CaFile", "without certificates")]
    [InlineData("Identity|TrustDomains|example.org|BundleEndpoint", "{ \"Url\": \"https://a\", \"Profile\": \"https_spiffe\" }", "Identity:TrustDomains:example.org:BundleEndpoint:SpiffeId", "must be the server's SPIFFE ID")]
    [InlineData("Identity|TrustDomains|example.org|BundleEndpoint", "{ \"Url\": \"https://a\", \"Profile\": \"https_spiffe\", \"SpiffeId\": \"spiffe://example.org/s\" }", "Identity:TrustDomains:example.org:BundleEndpoint:SpiffeId", "BundleFile beside BundleEndpoint")]
    [InlineData("Identity|TrustDomains|example.org|BundleEndpoint", "{ \"Url\": \"https://a\", \"Profile\": \"https_spiffe\", \"SpiffeId\": \"spiffe://other.example/s\" }", "Identity:TrustDomains:example.org:BundleEndpoint:SpiffeId", "not configured")]
    [InlineData("Identity|TrustDomains|example.org", "{ \"BundleFile\": \"good.pem\", \"BundleEndpoint\": { \"Url\": \"https://a\", \"Profile\": \"https_spiffe\", \"SpiffeId\": \"spiffe://example.org/s\", \"CaFile\": \"good.pem\" } }", "Identity:TrustDomains:example.org:BundleEndpoint:CaFile", "belongs to the profile https_web")]
    [InlineData("Identity|Agents|spiffe://Example.org/a", "{}", "Identity:Agents:spiffe://Example.org/a", "is not a workload's SPIFFE ID")]
    [InlineData("Identity|Agents|spiffe://example.org/", "{}", "Identity:Agents:spiffe://example.org/", "is not a workload's SPIFFE ID")]
    [InlineData("Identity|Issuers|Unix", "{ \"Issuer\": \"https://a\", \"Audiences\": [\"a\"] }", "Identity:Issuers:Unix", "UnixPeers")]
    [InlineData("Identity|UnixPeers|a b", "{ \"User\": \"0\" }", "Identity:UnixPeers:a b", "letters, digits")]
    [InlineData("Identity|UnixPeers|a", "{}", "Identity:UnixPeers:a", "would match too many")]
    [InlineData("Identity|UnixPeers|a", "{ \"Group\": \"0\", \"Executable\": \"/bin/a\" }", "Identity:UnixPeers:a", "would match too many")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"no-such-user\" }", "Identity:UnixPeers:a:User", "no user of this machine")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"4294967295\" }", "Identity:UnixPeers:a:User", "no user of this machine")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"0\", \"Group\": \"no-such-group\" }", "Identity:UnixPeers:a:Group", "no group of this machine")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"0\", \"Executable\": \"agent\" }", "Identity:UnixPeers:a:Executable", "absolute path")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"0\", \"Executable\": \"/usr/../agent\" }", "Identity:UnixPeers:a:Executable", "absolute path")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"0\", \"Executable\": \"/agent (deleted)\" }", "Identity:UnixPeers:a:Executable", "absolute path")]
    [InlineData("Identity|UnixPeers|a", "{ \"ExecutableSha256\": \"abc\", \"User\": \"0\" }", "Identity:UnixPeers:a:ExecutableSha256", "64 hexadecimal")]
    [InlineData("Identity|UnixPeers|a", "{ \"Cgroup\": \"/\" }", "Identity:UnixPeers:a:Cgroup", "below the root")]
    [InlineData("Identity|UnixPeers|a", "{ \"Cgroup\": \"agent.service\" }", "Identity:UnixPeers:a:Cgroup", "path of a control group")]
    [InlineData("Identity|UnixPeers|a", "{ \"ContainerId\": \"billing\" }", "Identity:UnixPeers:a:ContainerId", "64 hexadecimal")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"0\", \"AgentId\": \"dev:alice\" }", "Identity:UnixPeers:a:AgentId", "must be a SPIFFE ID")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"0\", \"AgentId\": \"spiffe://example.org/../x\" }", "Identity:UnixPeers:a:AgentId", "must be a SPIFFE ID")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"0\", \"AgentId\": \"spiffe://example.org\" }", "Identity:UnixPeers:a:AgentId", "must be a SPIFFE ID")]
    [InlineData("Identity|Issuers|a b", "{ \"Issuer\": \"https://a\", \"Audiences\": [\"a\"] }", "Identity:Issuers:a b", "letters, digits")]
    [InlineData("Identity|Issuers|twin", "{ \"Issuer\": \"http://127.0.0.1:9100\", \"Audiences\": [\"a\"] }", "Identity:Issuers:twin:Issuer", "issuer of dev too")]
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
    [InlineData("Identity|Issuers|dev|ProofOfPossession", "\"mTLS\"", "Identity:Issuers:dev:ProofOfPossession", "\"MutualTls\"")]
    [InlineData("Identity|Issuers|dev|ProofOfPossession", "\"MutualTls\"", "Identity:Issuers:dev:ProofOfPossession", "\"ClientCertificate\": \"Accept\"")]
    [InlineData("Identity|Dpop|ProofLifetime", "\"00:00:04\"", "Identity:Dpop:ProofLifetime", "between 00:00:05 and 00:05:00")]
    [InlineData("Identity|Dpop|ClockSkew", "\"00:05:01\"", "Identity:Dpop:ClockSkew", "between 00:00:00 and 00:05:00")]
    [InlineData("Identity|Dpop|Algorithms", "[\"HS256\"]", "Identity:Dpop:Algorithms:0", "is symmetric")]
    [InlineData("Identity|Dpop|Algorithms", "[]", "Identity:Dpop:Algorithms", "must have an entry")]
    [InlineData("Identity|Dpop|Nonce", "\"Always\"", "Identity:Dpop:Nonce", "\"Required\"")]
    [InlineData("Listeners|Agents", "[ { \"Url\": \"http://127.0.0.1:1\", \"ExternalUrls\": [\"gateway.example\"] } ]", "Listeners:Agents:0:ExternalUrls:0", "absolute https or http URL")]
    [InlineData("Listeners|Agents", "[ { \"Url\": \"http://127.0.0.1:1\", \"ExternalUrls\": [\"https://gateway.example?a\"] } ]", "Listeners:Agents:0:ExternalUrls:0", "query")]
    [InlineData("Identity|Agents|alice", "{}", "Identity:Agents:alice", "\"corp:billing\"")]
    [InlineData("Identity|Agents|dev:", "{}", "Identity:Agents:dev:", "is not an agent id")]
    [InlineData("Identity|Agents|dev:alice", "{ \"Group\": [] }", "Identity:Agents:dev:alice:Group", "did you mean Groups?")]
    [InlineData("Identity|Agents|dev:alice", "\"finance\"", "Identity:Agents:dev:alice", "must be an object")]
    [InlineData("Identity|ClaimTypes", "{ \"team\": \"Strng\" }", "Identity:ClaimTypes:team", "did you mean `String`?): write String, Set<String>")]
    [InlineData("Identity|ClaimTypes", "{ \"team\": \"String; entity Root\" }", "Identity:ClaimTypes:team", "no semicolon")]
    [InlineData("Identity|ClaimTypes", "[\"team\"]", "Identity:ClaimTypes", "must be an object: write Cedar types by claim")]
    // Transaction tokens
    [InlineData("Tasks", "{ \"TransactionTokens\": { \"Issuers\": { \"tts\": { \"Issuer\": \"https://tts.example\", \"Audiences\": [] } } } }", "Tasks:TransactionTokens:Issuers:tts:Audiences", "must have an entry")]
    [InlineData("Tasks", "{ \"TransactionTokens\": { \"Issuers\": { \"tts\": { \"Issuer\": \"https://tts.example\", \"Audiences\": [\"a\"], \"TokenTypes\": [\"JWT\"] } } } }", "Tasks:TransactionTokens:Issuers:tts:TokenTypes", "remove the key")]
    [InlineData("Tasks", "{ \"TransactionTokens\": { \"Issuers\": { \"tts\": { \"Issuer\": \"https://tts.example\", \"Audiences\": [\"a\"], \"AgentId\": \"{oid}\" } } } }", "Tasks:TransactionTokens:Issuers:tts:AgentId", "Remove the key")]
    [InlineData("Tasks", "{ \"TransactionTokens\": { \"Issuers\": { \"tts\": { \"Issuer\": \"https://tts.example\", \"Audiences\": [\"a\"], \"ProofOfPossession\": \"MutualTls\" } } } }", "Tasks:TransactionTokens:Issuers:tts:ProofOfPossession", "must be None")]
    [InlineData("Tasks", "{ \"TransactionTokens\": { \"Issuers\": { \"dev\": { \"Issuer\": \"https://tts.example\", \"Audiences\": [\"a\"] } } } }", "Tasks:TransactionTokens:Issuers:dev", "choose another name")]
    // Policy
    [InlineData("Policy|Engine", "\"Rego\"", "Policy:Engine", "\"Cedar\"")]
    [InlineData("Policy|Directory", "\"none\"", "Policy:Directory", "does not exist")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\" }", "Policy:Opa", "is required, since Gateway:Policy:Engine is Opa")]
    [InlineData("Policy", "{ \"Engine\": \"AuthZen\" }", "Policy:AuthZen", "is required, since Gateway:Policy:Engine is AuthZen")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Path\": \"a\" } }", "Policy:Opa:Url", "is required: write the server's base URL")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"https://a\" } }", "Policy:Opa:Path", "is required: write the rule's path")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"http://opa.example\", \"Path\": \"a\" } }", "Policy:Opa:Url", "must begin with https://")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"https://a?b\", \"Path\": \"a\" } }", "Policy:Opa:Url", "query")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"https://a\", \"Path\": \"data.a.b\" } }", "Policy:Opa:Path", "\"gateway/allow\"")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"https://a\", \"Path\": \"/a/b\" } }", "Policy:Opa:Path", "\"gateway/allow\"")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"https://a\", \"Path\": \"v1/data/a\" } }", "Policy:Opa:Path", "without \"data\"")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"https://a\", \"Path\": \"a\", \"Token\": \"clear\" } }", "Policy:Opa:Token", "must be a reference")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Opa\": { \"Url\": \"https://a\", \"Path\": \"a\", \"Timeout\": \"00:02:00\" } }", "Policy:Opa:Timeout", "between 00:00:00.0100000 and 00:01:00")]
    [InlineData("Policy", "{ \"Engine\": \"AuthZen\", \"AuthZen\": { \"Url\": \"pdp\" } }", "Policy:AuthZen:Url", "must be an absolute https or http URL")]
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
    // Kinds of issuers
    [InlineData("Identity|Issuers|dev|Issuer", null, "Identity:Issuers:dev:Issuer", "is required: write the issuer's URL")]
    [InlineData("Identity|Issuers|dev|Kind", "\"Okta\"", "Identity:Issuers:dev:Kind", "\"Oidc\" or \"Kubernetes\"")]
    [InlineData("Identity|Issuers|dev|Tenant", "\"11111111-2222-3333-4444-555555555555\"", "Identity:Issuers:dev:Tenant", "Kind Entra")]
    [InlineData("Identity|Issuers|dev|TokenReview", "true", "Identity:Issuers:dev:TokenReview", "Kind Kubernetes")]
    [InlineData("Identity|Issuers|dev|ApiServer", "\"https://k\"", "Identity:Issuers:dev:ApiServer", "Kind Kubernetes")]
    [InlineData("Identity|Issuers|dev|CaFile", "\"ca.pem\"", "Identity:Issuers:dev:CaFile", "Kind Kubernetes")]
    [InlineData("Identity|Issuers|dev|ApiServerToken", "\"env:T\"", "Identity:Issuers:dev:ApiServerToken", "Kind Kubernetes")]
    [InlineData("Identity|Issuers|dev|AgentId", "\"agent\"", "Identity:Issuers:dev:AgentId", "claims in braces")]
    [InlineData("Identity|Issuers|dev|AgentId", "\"{a}{b}\"", "Identity:Issuers:dev:AgentId", "two agents could get one id")]
    [InlineData("Identity|Issuers|dev|RequiredClaims", "{ \"/a//b\": [\"x\"] }", "Identity:Issuers:dev:RequiredClaims:/a//b", "JSON Pointer")]
    [InlineData("Identity|Issuers|dev|RequiredClaims", "{ \"a\": \"x\" }", "Identity:Issuers:dev:RequiredClaims:a", "must be a list")]
    [InlineData("Identity|Issuers|k", "{ \"Kind\": \"Kubernetes\", \"Audiences\": [\"a\"] }", "Identity:Issuers:k:Issuer", "is required")]
    [InlineData("Identity|Issuers|k", "{ \"Kind\": \"Kubernetes\", \"Issuer\": \"https://k\", \"Audiences\": [\"a\"], \"MaxLifetime\": \"1.00:00:01\" }", "Identity:Issuers:k:MaxLifetime", "1.00:00:00")]
    [InlineData("Identity|Issuers|k", "{ \"Kind\": \"Kubernetes\", \"Issuer\": \"https://k\", \"Audiences\": [\"a\"], \"AgentId\": \"{/kubernetes.io/namespace}\" }", "Identity:Issuers:k:AgentId", "{sub}")]
    [InlineData("Identity|Issuers|k", "{ \"Kind\": \"Kubernetes\", \"Issuer\": \"https://k\", \"Audiences\": [\"a\"], \"ApiServer\": \"http://k\" }", "Identity:Issuers:k:ApiServer", "https://")]
    [InlineData("Identity|Issuers|k", "{ \"Kind\": \"Kubernetes\", \"Issuer\": \"https://k\", \"Audiences\": [\"a\"], \"ApiServer\": \"https://k/x\" }", "Identity:Issuers:k:ApiServer", "no path")]
    [InlineData("Identity|Issuers|k", "{ \"Kind\": \"Kubernetes\", \"Issuer\": \"https://k\", \"Audiences\": [\"a\"], \"ApiServerToken\": \"clear\" }", "Identity:Issuers:k:ApiServerToken", "must be a reference")]
    [InlineData("Identity|Issuers|e", "{ \"Kind\": \"Entra\", \"Audiences\": [\"a\"] }", "Identity:Issuers:e:Tenant", "is required")]
    [InlineData("Identity|Issuers|e", "{ \"Kind\": \"Entra\", \"Audiences\": [\"a\"], \"Tenant\": \"common\" }", "Identity:Issuers:e:Tenant", "every tenant")]
    [InlineData("Identity|Issuers|e", "{ \"Kind\": \"Entra\", \"Audiences\": [\"a\"], \"Issuer\": \"https://login.microsoftonline.com/common/v2.0\" }", "Identity:Issuers:e:Tenant", "is required")]
    [InlineData("Identity|Issuers|e", "{ \"Kind\": \"Entra\", \"Audiences\": [\"a\"], \"Tenant\": \"11111111-2222-3333-4444-555555555555\", \"Issuer\": \"https://sts.windows.net/21111111-2222-3333-4444-555555555555/\" }", "Identity:Issuers:e:Tenant", "another tenant")]
    [InlineData("Identity|Issuers|e", "{ \"Kind\": \"Entra\", \"Audiences\": [\"a\"], \"Tenant\": \"11111111-2222-3333-4444-555555555555\", \"AgentId\": \"{tid}\" }", "Identity:Issuers:e:AgentId", "{oid}")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"] }", "Identity:Issuers:g:RequiredClaims", "every workflow on GitHub")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"], \"RequiredClaims\": { \"repository_owner_id\": [] } }", "Identity:Issuers:g:RequiredClaims", "every workflow on GitHub")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"], \"RequiredClaims\": { \"repository_owner\": [\"octo\"] } }", "Identity:Issuers:g:RequiredClaims", "every workflow on GitHub")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"], \"RequiredClaims\": { \"repository_owner_id\": [\"octo\"] } }", "Identity:Issuers:g:RequiredClaims:repository_owner_id", "numbers")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"], \"RequiredClaims\": { \"repository_id\": [\"1\"] }, \"AgentId\": \"{repository}\" }", "Identity:Issuers:g:AgentId", "{repository_id}")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"], \"RequiredClaims\": { \"repository_id\": [\"1\"] }, \"AgentId\": \"{environment}[:{repository_id}]\" }", "Identity:Issuers:g:AgentId", "outside brackets")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"], \"RequiredClaims\": { \"repository_id\": [\"1\"] }, \"MaxLifetime\": \"02:00:00\" }", "Identity:Issuers:g:MaxLifetime", "01:00:00")]
    [InlineData("Identity|Agents|dev:x", "{ \"NotAfter\": \"tomorrow\" }", "Identity:Agents:dev:x:NotAfter", "\"2027-01-31\"")]
    [InlineData("Identity|RegisteredOnly", "\"perhaps\"", "Identity:RegisteredOnly", "true or false")]
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
    // The call log's index
    [InlineData("Audit|Index", "{ \"Provider\": \"PostgreSql\" }", "Audit:Index:ConnectionString", "is required for the provider PostgreSql")]
    [InlineData("Audit|Index", "{ \"ConnectionString\": \"secret:index\" }", "Audit:Index:ConnectionString", "is not used by the provider Embedded")]
    // Credentials
    [InlineData("Credentials|a b", "{ \"Type\": \"Static\", \"Value\": \"env:A\", \"Owner\": \"a\", \"NotAfter\": \"2027-01-01\" }", "Credentials:a b", "letters, digits")]
    [InlineData("Credentials|key|Type", "\"GitHubApp\"", "Credentials:key:Type", "\"Static\" or \"OAuth2ClientCredentials\" or \"Vault\"")]
    [InlineData("Credentials|key|Type", null, "Credentials:key:Type", "is required: write \"Static\"")]
    [InlineData("Credentials|key", "{ \"Typ\": \"Static\" }", "Credentials:key:Typ", "did you mean Type?")]
    [InlineData("Credentials|key|ClientId", "\"a\"", "Credentials:key:ClientId", "known here are Type, Value")]
    [InlineData("Credentials|key|Value", null, "Credentials:key:Value", "is required: write a reference")]
    [InlineData("Credentials|key|Value", "\"vault:kv/a#b\"", "Credentials:key:Value", "none is configured")]
    [InlineData("Credentials|key|Value", "\"transit:audit\"", "Credentials:key:Value", "must be a reference")]
    [InlineData("Audit|SigningKey", "\"transit:audit\"", "Audit:SigningKey", "none is configured: write Gateway:Vault")]
    [InlineData("Audit|SigningKey", "\"vault:kv/a#b\"", "Audit:SigningKey", "none is configured")]
    [InlineData("Audit|SigningKey", "\"transit:\"", "Audit:SigningKey", "transit:gateway-audit", true)]
    [InlineData("Audit|SigningKey", "\"transit:a//b\"", "Audit:SigningKey", "transit:MOUNT/NAME", true)]
    [InlineData("Audit|SigningKey", "\"transit:sys/audit\"", "Audit:SigningKey", "transit:MOUNT/NAME", true)]
    [InlineData("Audit|SigningKey", "\"clear\"", "Audit:SigningKey", "must be a reference")]
    [InlineData("Audit|SigningKey", "{ \"Key\": \"a\" }", "Audit:SigningKey", "must be a single value")]
    [InlineData("Credentials|key|Value", "\"vault:kv\"", "Credentials:key:Value", "vault:secret/crm#api_key")]
    [InlineData("Credentials|key", "{ \"Type\": \"Vault\", \"Path\": \"crm/creds/agent\" }", "Credentials:key", "write Gateway:Vault")]
    [InlineData("Credentials|key", "{ \"Type\": \"Vault\", \"Path\": \"/v1/crm\" }", "Credentials:key:Path", "below neither sys/ nor auth/", true)]
    [InlineData("Credentials|key", "{ \"Type\": \"Vault\", \"Path\": \"auth/token/create\" }", "Credentials:key:Path", "below neither sys/ nor auth/", true)]
    [InlineData("Credentials|key", "{ \"Type\": \"Vault\", \"Path\": \"crm/creds/a\", \"Method\": \"GET\", \"Parameters\": { \"a\": 1 } }", "Credentials:key:Method", "must be \"POST\"", true)]
    [InlineData("Credentials|key", "{ \"Type\": \"Vault\", \"Path\": \"crm/creds/a\", \"Inject\": [{ \"Header\": \"A\", \"Value\": \"b\" }] }", "Credentials:key:Inject:0:Value", "must have a placeholder", true)]
    [InlineData("Vault", "{ \"Address\": \"http://vault:8200\", \"Auth\": { \"Method\": \"Kubernetes\", \"Role\": \"a\" } }", "Vault:Address", "https://")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"StandbyAddresses\": [\"vault-2\"], \"Auth\": { \"Method\": \"Kubernetes\", \"Role\": \"a\" } }", "Vault:StandbyAddresses:0", "https or http URL")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"TokenRole\": \"a/b\", \"Auth\": { \"Method\": \"Kubernetes\", \"Role\": \"a\" } }", "Vault:TokenRole", "without a path")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"CaFile\": \"none.pem\", \"Auth\": { \"Method\": \"Kubernetes\", \"Role\": \"a\" } }", "Vault:CaFile", "does not exist")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\" }", "Vault:Auth", "is required")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"Auth\": { \"Role\": \"a\" } }", "Vault:Auth:Method", "is required: write \"Kubernetes\"")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"Auth\": { \"Method\": \"Kubernetes\" } }", "Vault:Auth:Role", "required for the method Kubernetes")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"Auth\": { \"Method\": \"Jwt\" } }", "Vault:Auth:JwtFile", "required for the method Jwt")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"Auth\": { \"Method\": \"Kubernetes\", \"Role\": \"a\", \"RoleId\": \"b\" } }", "Vault:Auth:RoleId", "not used by the method Kubernetes")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"Auth\": { \"Method\": \"AppRole\", \"RoleId\": \"a\", \"SecretId\": \"vault:a/b#c\" } }", "Vault:Auth:SecretId", "cannot lie in it")]
    [InlineData("Vault", "{ \"Address\": \"https://vault\", \"Auth\": { \"Method\": \"Token\", \"Token\": \"s.clear\" } }", "Vault:Auth:Token", "clear text")]
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
    public void Load_OneMistake_IsReportedAtItsKey(string key, string? json, string expectedKey, string expectedMessage, bool withVault = false)
    {
        _folder.WriteCertificate("good.pem", "good.key");
        _folder.WriteCertificate("other.pem", "other.key");
        (string Key, string? Json)[] vault = withVault ? [("Vault", "{ \"Address\": \"https://vault\", \"Auth\": { \"Method\": \"Kubernetes\", \"Role\": \"a\" } }")] : [];
        var result = _folder.LoadWith(
        [
            ("Credentials|oauth", "{ \"Type\": \"OAuth2ClientCredentials\", \"TokenEndpoint\": \"https://idp.example/token\", \"ClientId\": \"gw\", \"ClientSecret\": \"secret:oauth\" }"),
            .. vault,
            (key, json),
        ]);

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
    [InlineData("Identity|Issuers|dev|RequiredClaims", "{ \"https://example.com/role\": [\"agent\"], \"Env\": [], \"env\": [true, 1] }")]
    [InlineData("Identity|Issuers|k", "{ \"Kind\": \"Kubernetes\", \"Issuer\": \"https://k\", \"Audiences\": [\"a\"], \"AgentId\": \"{/kubernetes.io/namespace}/{/kubernetes.io/serviceaccount/name}\", \"ApiServer\": \"http://127.0.0.1:8001\" }")]
    [InlineData("Identity|Issuers|e", "{ \"Kind\": \"Entra\", \"Issuer\": \"https://login.microsoftonline.com/11111111-2222-3333-4444-55555555555A/v2.0\", \"Audiences\": [\"a\"] }")]
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"GitHubActions\", \"Audiences\": [\"a\"], \"RequiredClaims\": { \"/repository_id\": [\"1\"] } }")]
    [InlineData("Identity|Agents|dev:x", "{ \"NotAfter\": \"2026-12-06\", \"Owner\": \"us\" }")]
    [InlineData("Listeners", "{ \"Agents\": [ { \"Url\": \"http://127.0.0.1:0\" }, { \"Url\": \"http://127.0.0.1:0\" }, { \"Url\": \"http://[::1]:81\" } ], \"Admin\": { \"Url\": \"http://127.0.0.1:81/\" } }")]
    [InlineData("Listeners|Agents", "[ { \"Url\": \"unix:agents.sock\", \"Mode\": \"600\", \"Group\": \"root\" }, { \"Url\": \"UNIX:/run/b.sock\" } ]")]
    [InlineData("Credentials|key|Inject", "[{ \"Header\": \"X-A\", \"Value\": \"{{a}} {value}\" }, { \"Basic\": { \"User\": \"{value}\", \"Password\": \"x{value}\" } }]")]
    [InlineData("Credentials|key|NotAfter", "\"2027-01-31T12:00:00.5-08:00\"")]
    [InlineData("Policy", "{ \"Engine\": \"Opa\", \"Directory\": \"none\", \"Opa\": { \"Url\": \"http://localhost:8181/base/\", \"Path\": \"a-b/c_d/E\", \"Token\": \"env:A\", \"Timeout\": \"00:00:00.01\" } }")]
    [InlineData("Policy", "{ \"Engine\": \"AuthZen\", \"AuthZen\": { \"Url\": \"https://pdp.example\" } }")]
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
    [InlineData("Identity|Issuers|g", "{ \"Kind\": \"Google\", \"Audiences\": [\"a\"] }", "Identity:Issuers:g:RequiredClaims")]
    [InlineData("Identity|Agents|dev:x", "{ \"NotAfter\": \"2026-11-20\" }", "Identity:Agents:dev:x:NotAfter")]
    [InlineData("Identity|Agents|dev:x", "{ \"NotAfter\": \"2026-12-04\" }", "Identity:Agents:dev:x:NotAfter")]
    [InlineData("Identity|RegisteredOnly", "true", "Identity:RegisteredOnly")]
    [InlineData("Identity|UnixPeers|a", "{ \"User\": \"root\", \"Executable\": \"/usr/bin/agent\" }", "Identity:UnixPeers")]
    [InlineData("Policy|Directory", "\"empty\"", "Policy:Directory")]
    [InlineData("Policy|Mode", "\"Observe\"", "Policy:Mode")]
    [InlineData("Policy|Opa", "{ \"Url\": \"https://a\", \"Path\": \"a\" }", "Policy:Opa")]
    [InlineData("Policy|AuthZen", "{ \"Url\": \"https://a\" }", "Policy:AuthZen")]
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
    public void Load_UnixPeersBesideASocket_AreSound()
    {
        var result = _folder.LoadWith(
            ("Listeners|Agents", "[ { \"Url\": \"unix:agents.sock\" } ]"),
            ("Identity|Issuers", null),
            ("Identity|UnixPeers|batch", "{ \"User\": \"root\" }"),
            ("Identity|UnixPeers|billing", "{ \"Cgroup\": \"/system.slice/billing.service\", \"AgentId\": \"spiffe://example.org/billing\" }"),
            ("Identity|Agents", "{ \"unix:batch\": {}, \"spiffe://example.org/billing\": {} }"));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal($"unix:{_folder.Absolute("agents.sock")}", result.Options!.Listeners.Agents[0].Url);
    }

    [Theory]
    [InlineData("[]", "{ \"uid\": \"String\" }", "Gateway:Identity:ClaimTypes:uid", null)]
    [InlineData("[\"uid\"]", "{}", null, "Gateway:Identity:Issuers:dev:Claims")]
    [InlineData("[\"uid\"]", "{ \"uid\": \"Long\" }", null, null)]
    public void Load_ClaimThatProcessesHaveToo_HasTheirType(string claims, string types, string? error, string? warning)
    {
        var result = _folder.LoadWith(
            ("Listeners|Agents", "[ { \"Url\": \"unix:agents.sock\" } ]"),
            ("Identity|UnixPeers|batch", "{ \"User\": \"root\" }"),
            ("Identity|Issuers|dev|Claims", claims),
            ("Identity|ClaimTypes", types));

        Assert.Equal(error, result.Errors.Select(e => e.Key).SingleOrDefault());
        Assert.Equal(warning, result.Warnings.Select(w => w.Key).SingleOrDefault());
    }

    [Theory]
    [InlineData("Listeners|Agents", "[ { \"Url\": \"unix:agents.sock\" } ]", "Identity|UnixPeers|batch", "{ \"User\": \"root\" }", "{ \"cgroup\": \"String\" }", true)]
    [InlineData("Identity|Issuers|dev|Kind", "\"Google\"", "Identity|Issuers|dev|RequiredClaims", "{ \"email\": [\"a@b\"] }", "{ \"email\": \"String\" }", true)]
    [InlineData("Identity|Issuers|dev|Claims", "[\"teams\"]", "Policy|Mode", "\"Enforce\"", "{ \"teams\": \"String\" }", true)]
    [InlineData("Identity|Issuers|dev|Claims", "[\"teams\"]", "Policy|Mode", "\"Enforce\"", "{ \"team\": \"String\" }", false)]
    public void Load_TypeOfAClaim_HasAnEffectWherePolicySeesTheClaim(string key, string json, string otherKey, string otherJson, string types, bool hasEffect)
    {
        var result = _folder.LoadWith((key, json), (otherKey, otherJson), ("Identity|ClaimTypes", types));

        Assert.Equal(hasEffect ? [] : ["Gateway:Identity:ClaimTypes:team"], result.Warnings.Where(w => w.Key.Contains(":ClaimTypes:", StringComparison.Ordinal)).Select(w => w.Key));
    }

    [Fact]
    public void Load_ProgramOfAnyUser_IsAWarning()
    {
        var result = _folder.LoadWith(
            ("Listeners|Agents", "[ { \"Url\": \"unix:agents.sock\" } ]"),
            ("Identity|UnixPeers|batch", "{ \"ExecutableSha256\": \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\" }"));

        Assert.Empty(result.Errors);
        Assert.Equal("Gateway:Identity:UnixPeers:batch", Assert.Single(result.Warnings).Key);
    }

    [Fact]
    public void Load_JwksUriBesideJwksFile_IsAnError()
    {
        var result = _folder.LoadWith(("Identity|Issuers|dev|JwksUri", "\"https://idp.example/keys\""), ("Identity|Issuers|dev|JwksFile", "\"keys.json\""));

        Assert.Equal("Gateway:Identity:Issuers:dev:JwksFile", Assert.Single(result.Errors).Key);
    }

    [Fact]
    public void Load_EntraTenantTwice_IsAnErrorWhicheverFormIsWritten()
    {
        const string Tenant = "11111111-2222-3333-4444-555555555555";

        var result = _folder.LoadWith(
            ("Identity|Issuers|a", $"{{ \"Kind\": \"Entra\", \"Tenant\": \"{Tenant}\", \"Audiences\": [\"a\"] }}"),
            ("Identity|Issuers|b", $"{{ \"Issuer\": \"https://sts.windows.net/{Tenant}/\", \"Audiences\": [\"a\"] }}"));

        Assert.Equal("Gateway:Identity:Issuers:b:Issuer", Assert.Single(result.Errors).Key);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(", \"JwksFile\": \"policies/all.cedar\"", false)]
    [InlineData(", \"JwksFile\": \"policies/all.cedar\", \"TokenReview\": true", true)]
    public void Load_ClusterWithoutAuthoritiesAndToken_IsAnErrorWhereItIsAsked(string more, bool asked)
    {
        _folder.CheckReachability = true;
        _folder.Write("secret.txt", "x");

        var result = _folder.LoadWith(
            ("Credentials|key|Value", "\"file:secret.txt\""),
            ("Identity|Issuers|k", $"{{ \"Kind\": \"Kubernetes\", \"Issuer\": \"https://kubernetes.default.svc\", \"Audiences\": [\"a\"], \"CaFile\": \"none.pem\", \"ApiServerToken\": \"file:none\"{more} }}"));

        string[] expected = ["Gateway:Identity:Issuers:k:CaFile", "Gateway:Identity:Issuers:k:ApiServerToken"];
        Assert.Equal(asked ? expected : [], result.Errors.Select(error => error.Key));
    }

    [Fact]
    public void Load_UnreachableThings_AreErrorsOnlyWhenAskedFor()
    {
        (string, string?)[] changes =
        [
            ("DataDirectory", "\"policies/all.cedar/data\""),
            ("Audit|Directory", "\"policies/all.cedar\""),
            ("Credentials|key|Value", "\"file:none\""),
            ("Policy", "{ \"Engine\": \"AuthZen\", \"AuthZen\": { \"Url\": \"https://a\", \"Token\": \"file:none\" } }"),
            ("Credentials|other", "{ \"Type\": \"Static\", \"Value\": \"env:GATEWAY_TESTS_UNSET\", \"Owner\": \"a\", \"NotAfter\": \"2027-01-01\" }"),
        ];
        Assert.Empty(_folder.LoadWith(changes).Errors);

        _folder.CheckReachability = true;
        var result = _folder.LoadWith(changes);

        Assert.Equal(["Gateway:Credentials:key:Value", "Gateway:DataDirectory", "Gateway:Audit:Directory", "Gateway:Policy:AuthZen:Token"], result.Errors.Select(error => error.Key));
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
