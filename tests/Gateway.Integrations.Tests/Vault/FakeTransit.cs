using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>
/// The transit engine of <see cref="FakeVault"/>, as far as signing goes: keys of type ecdsa-p256 by "MOUNT/NAME", their versions and which
/// of them may sign. <c>DevServerTests</c> holds it to a real one.
/// </summary>
internal sealed class FakeTransit
{
    private readonly Dictionary<string, List<ECDsa>> _keys = [];
    private readonly Dictionary<string, int> _minimum = [];

    /// <summary>Changes what is about to be answered to a signing; null leaves it.</summary>
    public Func<string, string>? Forge { get; set; }

    /// <summary>Makes a key, or another in place of it.</summary>
    public void Create(string path)
    {
        _keys[path] = [ECDsa.Create(ECCurve.NamedCurves.nistP256)];
        _minimum[path] = 0;
    }

    /// <summary>Adds a version; those before go on signing.</summary>
    public void Rotate(string path) => _keys[path].Add(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>As <c>min_encryption_version</c> does, which rules signing too: versions below no longer sign.</summary>
    public void Retire(string path, int below) => _minimum[path] = below;

    /// <returns>Null where the path is none of a key here.</returns>
    public FakeVaultAnswer? Handle(FakeVaultRequest request)
    {
        var names = request.Path.Split('/');
        return names is [.., "keys", _] && request is { Method: "POST", Body: not null } && request.Text("type") == "ecdsa-p256" ? Done(() => Create(Path(names[..^2], names[^1])))
            : names is [.., "keys", _] && Find(names[..^2], names[^1]) is { } read ? Read(read.Path, read.Versions)
            : names is [.., "keys", _, "rotate"] && Find(names[..^3], names[^2]) is { } rotated ? Done(() => Rotate(rotated.Path))
            : names is [.., "keys", _, "config"] && Find(names[..^3], names[^2]) is { } configured ? Done(() => Retire(configured.Path, request.Body?["min_encryption_version"]?.GetValue<int>() ?? 0))
            : names is [.., "sign", _, "sha2-256"] && request.Method == "POST" ? Sign(names[..^3], names[^2], request)
            : null;
    }

    private (string Path, List<ECDsa> Versions)? Find(string[] mount, string name)
    {
        var path = Path(mount, name);
        return _keys.TryGetValue(path, out var versions) ? (path, versions) : null;
    }

    private static string Path(string[] mount, string name) => $"{string.Join('/', mount)}/{name}";

    private static FakeVaultAnswer Done(Action action)
    {
        action();
        return FakeVaultAnswer.NoContent;
    }

    private FakeVaultAnswer Read(string path, List<ECDsa> versions) => FakeVaultAnswer.Ok(new JsonObject
    {
        ["keys"] = new JsonObject(versions.Select((key, index) => KeyValuePair.Create(
            (index + 1).ToString(CultureInfo.InvariantCulture),
            (JsonNode?)new JsonObject { ["name"] = "P-256", ["public_key"] = key.ExportSubjectPublicKeyInfoPem() + "\n", ["creation_time"] = "2026-11-21T21:43:41.655201644Z" }))),
        ["latest_version"] = versions.Count,
        ["min_decryption_version"] = 1,
        ["min_encryption_version"] = _minimum[path],
        ["name"] = path.Split('/')[^1],
        ["supports_signing"] = true,
        ["type"] = "ecdsa-p256",
    });

    private FakeVaultAnswer Sign(string[] mount, string name, FakeVaultRequest request)
    {
        if (Find(mount, name) is not { } found)
        {
            return FakeVaultAnswer.Error(400, "signing key not found");
        }

        var version = request.Body?["key_version"]?.GetValue<int>() is > 0 and var asked ? asked : found.Versions.Count;
        if (version > found.Versions.Count)
        {
            return FakeVaultAnswer.Error(500, "1 error occurred:\n\t* requested version for signing is higher than the latest key version\n\n");
        }

        if (version < _minimum[found.Path])
        {
            return FakeVaultAnswer.Error(500, "1 error occurred:\n\t* requested version for signing is less than the minimum encryption key version\n\n");
        }

        var isJws = request.Text("marshaling_algorithm") == "jws";
        var signature = found.Versions[version - 1].SignData(
            Convert.FromBase64String(request.Text("input") ?? ""),
            HashAlgorithmName.SHA256,
            isJws ? DSASignatureFormat.IeeeP1363FixedFieldConcatenation : DSASignatureFormat.Rfc3279DerSequence);
        var text = $"vault:v{version}:{(isJws ? Base64Url.EncodeToString(signature) : Convert.ToBase64String(signature))}";
        return FakeVaultAnswer.Ok(new JsonObject { ["key_version"] = version, ["signature"] = Forge?.Invoke(text) ?? text });
    }
}
