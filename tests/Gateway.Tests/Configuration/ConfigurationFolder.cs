using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

/// <summary>A temporary folder with a configuration in it.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    public const string Minimal = """
        {
          "Gateway": {
            "Identity": { "Issuers": { "dev": { "Issuer": "http://127.0.0.1:9100", "Audiences": ["gateway"] } } },
            "Tools": { "github": { "Path": "/github", "Upstream": "https://api.github.com", "Credential": "key" } },
            "Credentials": { "key": { "Type": "Static", "Value": "secret:key", "Owner": "us", "NotAfter": "2027-01-31" } }
          }
        }
        """;

    public ConfigurationFolder()
    {
        Directory.CreateDirectory(Path);
        Write("policies/all.cedar", "permit (principal, action, resource);");
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"gateway-tests-{Guid.NewGuid():N}");

    public Dictionary<string, string> Environment { get; } = [];

    public List<string> CommandLine { get; } = [];

    public bool CheckReachability { get; set; }

    public string Absolute(string path) => System.IO.Path.Combine(Path, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Absolute(path))!);
        File.WriteAllText(Absolute(path), text);
    }

    public void WriteCertificate(string certificate, string key)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=gateway", ecdsa, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        Write(certificate, made.ExportCertificatePem());
        Write(key, ecdsa.ExportPkcs8PrivateKeyPem());
    }

    public ConfigurationResult Load(string json)
    {
        Write("gateway.json", json);
        return LoadFile("gateway.json");
    }

    public ConfigurationResult LoadFile(string file) => ConfigurationLoader.Load(Absolute(file), Environment, CommandLine, CheckReachability, new FixedTime());

    /// <summary>Loads <see cref="Minimal"/> with the JSON values set at the keys below "Gateway"; a null value removes the key.</summary>
    public ConfigurationResult LoadWith(params (string Key, string? Json)[] changes)
    {
        var root = JsonNode.Parse(Minimal)!;
        foreach (var (key, json) in changes)
        {
            var names = key.Split('|');
            var node = root["Gateway"]!.AsObject();
            foreach (var name in names[..^1])
            {
                node = (node[name] ??= new JsonObject()).AsObject();
            }

            node.Remove(names[^1]);
            if (json is not null)
            {
                node.Add(names[^1], JsonNode.Parse(json));
            }
        }

        return Load(root.ToJsonString());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    }
}
