using System.Text;
using Gateway.Configuration;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Chain;
using Gateway.Core.Credentials;
using Gateway.Hosting;
using Gateway.Integrations.Vault;

using PrivateFile = Gateway.Integrations.Secrets.PrivateFile;

namespace Gateway.Tasks;

/// <summary>The audit key, one that is made at the first start or the configured one, and its public half where verifiers find it.</summary>
internal sealed class AuditKeyStore(StartupPlan plan, ISecretSource secrets, VaultCatalog vault, TimeProvider clock) : IAuditSigner, IDisposable
{
    public const string PublicName = PublicKeyFile.FileName;

    private const string PrivateName = "audit-key.pem";
    private const string Option = "Gateway:Audit:SigningKey";

    private readonly Lock _publishing = new();
    private IAuditSigner? _signer;
    private int _published;

    public IReadOnlyList<string> PublicKeys => Signer.PublicKeys;

    private IAuditSigner Signer => _signer ?? throw new InvalidOperationException("The audit key is there from the gateway's start on.");

    /// <summary>Reads the key, or makes it. One in Vault is read later where Vault cannot be asked now: until then nothing can be recorded.</summary>
    /// <exception cref="StartupException">It is no key, or cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        PrivateFile.CreateDirectory(plan.Options.DataDirectory);
        if (plan.Options.Audit.SigningKey is { Transit: { } transit } reference)
        {
            var signer = new TransitSigner(transit, () => vault.Current?.Session);
            _signer = signer;
            await ReadTransitKeyAsync(signer, reference, cancellationToken);
            PublishNewKeys();
            return;
        }

        var key = await ReadKeyAsync(cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(plan.Options.DataDirectory, PublicName), key.PublicPem, cancellationToken);
        (_signer, _published) = (key, 1);
    }

    public async ValueTask<string> SignCompactAsync(string type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var jws = await Signer.SignCompactAsync(type, payload, cancellationToken);
        try
        {
            // Ahead of the signature, which nobody could verify otherwise.
            PublishNewKeys();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AuditSigningException($"The public key of the audit key cannot be written: {exception.Message}", exception);
        }

        return jws;
    }

    public void Dispose() => (_signer as IDisposable)?.Dispose();

    private async Task<AuditKey> ReadKeyAsync(CancellationToken cancellationToken)
    {
        if (plan.Options.Audit.SigningKey is { Secret: { } secret } reference)
        {
            return Parse(Option, $"{reference}", await ReadSecretAsync(secret, cancellationToken));
        }

        var path = Path.Combine(plan.Options.DataDirectory, PrivateName);
        if (!File.Exists(path))
        {
            PrivateFile.Replace(path, stream => stream.Write(Encoding.ASCII.GetBytes(AuditKey.Generate())));
        }

        return Parse("Gateway:DataDirectory", path, await File.ReadAllTextAsync(path, cancellationToken));
    }

    private async Task<string> ReadSecretAsync(SecretReference secret, CancellationToken cancellationToken)
    {
        try
        {
            return (await secrets.ReadAsync(secret, cancellationToken)).Reveal();
        }
        catch (SecretUnavailableException problem)
        {
            throw new StartupException(Option, problem.Message, problem);
        }
    }

    private async Task ReadTransitKeyAsync(TransitSigner signer, AuditKeyReference reference, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AuditSigning.Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await signer.ReadAsync(linked.Token);
        }
        catch (FormatException problem)
        {
            throw new StartupException(Option, $"{reference}: {problem.Message}", problem);
        }
        catch (Exception exception) when (exception is AuditSigningException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // As with all that is in Vault, the gateway starts without it and refuses what needs it. The log, which cannot be
            // opened without a signature, says what is wrong and asks again until there is one.
        }
    }

    private static AuditKey Parse(string option, string place, string pem)
    {
        try
        {
            return AuditKey.Parse(pem);
        }
        catch (FormatException problem)
        {
            throw new StartupException(option, $"{place}: {problem.Message}", problem);
        }
    }

    private void PublishNewKeys()
    {
        lock (_publishing)
        {
            for (var keys = PublicKeys; _published < keys.Count; _published++)
            {
                PublicKeyFile.Add(plan.Options.DataDirectory, keys[_published]);
            }
        }
    }
}
