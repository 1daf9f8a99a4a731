using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Credentials;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Configuration;

/// <summary>Checks what the machine must provide and may still provide after the start: directories to write and secrets to read.</summary>
/// <remarks><c>validate</c> reports these; <c>run</c> starts without them and refuses the calls that need them.</remarks>
internal static class ReachabilityValidator
{
    public static void Validate(GatewayOptions options, IReadOnlyDictionary<string, string> environment, ConfigurationErrors errors)
    {
        CheckDirectory(options.DataDirectory, "Gateway:DataDirectory", errors);
        CheckDirectory(options.Audit.Directory, "Gateway:Audit:Directory", errors);
        foreach (var (name, issuer) in options.Identity.Issuers)
        {
            CheckCluster(issuer, $"Gateway:Identity:Issuers:{name}", environment, errors);
        }

        // A cluster's token is needed where the cluster is asked for something, and has a default besides.
        foreach (var (key, reference) in SecretReferences.In(options).Where(found => !found.Key.EndsWith($":{nameof(IssuerOptions.ApiServerToken)}", StringComparison.Ordinal)))
        {
            CheckReference(reference, key, environment, errors);
        }
    }

    /// <summary>What the gateway shows the API server, where it asks it for anything.</summary>
    private static void CheckCluster(IssuerOptions issuer, string key, IReadOnlyDictionary<string, string> environment, ConfigurationErrors errors)
    {
        if (issuer.Kind != IssuerKind.Kubernetes || (!issuer.TokenReview && (issuer.JwksFile ?? issuer.JwksUri) is not null))
        {
            return;
        }

        CheckReference(IssuerDefaults.ApiServerToken(issuer), $"{key}:{nameof(issuer.ApiServerToken)}", environment, errors);
        if (!IssuerDefaults.ApiServer(issuer).StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        try
        {
            new X509Certificate2Collection().ImportFromPemFile(IssuerDefaults.CaFile(issuer));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            errors.Add($"{key}:{nameof(issuer.CaFile)}", "names no PEM file with certificates that can be read: write the path of the API server's authorities, relative to the configuration file.");
        }
    }

    private static void CheckReference(SecretReference reference, string key, IReadOnlyDictionary<string, string> environment, ConfigurationErrors errors)
    {
        if (reference.Scheme == "env" && !environment.ContainsKey(reference.Name))
        {
            errors.Warn(key, "refers to an environment variable that is not set here.");
        }

        if (reference.Scheme != "file")
        {
            return;
        }

        try
        {
            using var file = File.OpenRead(reference.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(key, "refers to a file that is not there or cannot be read: create it, or write another path, relative to the configuration file.");
        }
    }

    private static void CheckDirectory(string directory, string key, ConfigurationErrors errors)
    {
        // The nearest directory that exists tells whether the missing ones can be made, without leaving any behind.
        var existing = directory;
        while (existing is not null && !Path.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing);
        }

        try
        {
            var probe = Path.Combine(existing ?? directory, $".gateway-{Path.GetRandomFileName()}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(key, "names a directory that this user can neither write to nor create: change its permissions, or write another, relative to the configuration file.");
        }
    }
}
