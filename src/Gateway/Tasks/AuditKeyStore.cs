using System.Text;
using Gateway.Core.Audit;
using Gateway.Core.Credentials;
using Gateway.Hosting;

using PrivateFile = Gateway.Integrations.Secrets.PrivateFile;

namespace Gateway.Tasks;

/// <summary>The audit key, one that is made at the first start or the configured one, and its public half where verifiers find it.</summary>
internal sealed class AuditKeyStore(StartupPlan plan, ISecretSource secrets) : IDisposable
{
    public const string PublicName = "audit-key.pub";

    private const string PrivateName = "audit-key.pem";

    private AuditKey? _key;

    /// <exception cref="InvalidOperationException">The gateway has not started.</exception>
    public AuditKey Key => _key ?? throw new InvalidOperationException("The audit key is there from the gateway's start on.");

    /// <summary>Reads the key, or makes it.</summary>
    /// <exception cref="InvalidOperationException">It is no key. The message says where it stands.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var key = await ReadAsync(cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(plan.Options.DataDirectory, PublicName), key.PublicPem, cancellationToken);
        _key = key;
    }

    public void Dispose() => _key?.Dispose();

    private async Task<AuditKey> ReadAsync(CancellationToken cancellationToken)
    {
        if (plan.Options.Audit.SigningKey is { } reference)
        {
            return Parse($"Gateway:Audit:SigningKey ({reference})", (await secrets.ReadAsync(reference, cancellationToken)).Reveal());
        }

        var path = Path.Combine(plan.Options.DataDirectory, PrivateName);
        if (!File.Exists(path))
        {
            PrivateFile.CreateDirectory(plan.Options.DataDirectory);
            PrivateFile.Replace(path, stream => stream.Write(Encoding.ASCII.GetBytes(AuditKey.Generate())));
        }

        return Parse(path, await File.ReadAllTextAsync(path, cancellationToken));
    }

    private static AuditKey Parse(string place, string pem)
    {
        try
        {
            return AuditKey.Parse(pem);
        }
        catch (FormatException problem)
        {
            throw new InvalidOperationException($"{place}: {problem.Message}", problem);
        }
    }
}
