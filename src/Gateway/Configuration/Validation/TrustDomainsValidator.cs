using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Identity:TrustDomains</c>.</summary>
internal static class TrustDomainsValidator
{
    private const string Section = "Gateway:Identity:TrustDomains";

    public static void Validate(IdentityOptions options, ConfigurationErrors errors)
    {
        foreach (var (name, domain) in options.TrustDomains)
        {
            var key = $"{Section}:{name}";
            if (!SpiffeId.IsTrustDomain(name))
            {
                errors.Add(key, $"is not the name of a trust domain: write 1 to {SpiffeId.MaxTrustDomainLength} small letters, digits, '.', '-' or '_', without \"spiffe://\".");
            }

            if (options.Issuers.ContainsKey(name))
            {
                errors.Add(key, "is the name of an issuer too, so that policies and records could not tell them apart: rename the issuer.");
            }

            Validate(name, domain, key, options, errors);
        }
    }

    private static void Validate(string name, TrustDomainOptions domain, string key, IdentityOptions options, ConfigurationErrors errors)
    {
        if (domain is { BundleFile: null, BundleEndpoint: null })
        {
            errors.Add($"{key}:BundleFile", "is required without BundleEndpoint: write the path of the trust domain's bundle, or where it is published.");
        }

        if (domain.BundleFile is not null && !File.Exists(domain.BundleFile))
        {
            errors.Add($"{key}:BundleFile", "names a file that does not exist: write the path of a SPIFFE bundle, relative to the configuration file.");
        }

        if (domain.Audiences.Count == 0)
        {
            errors.Add($"{key}:Audiences", "must have an entry: write what the tokens say in \"aud\", such as [\"gateway\"], or remove the key.");
        }

        if (domain.RefreshInterval > domain.MaxBundleAge)
        {
            errors.Add($"{key}:RefreshInterval", "must not be longer than MaxBundleAge: the bundle would be refused before it is read again.");
        }

        if (domain.BundleEndpoint is { } endpoint)
        {
            ValidateEndpoint(name, domain, endpoint, $"{key}:BundleEndpoint", options, errors);
        }
    }

    private static void ValidateEndpoint(string name, TrustDomainOptions domain, BundleEndpointOptions endpoint, string key, IdentityOptions options, ConfigurationErrors errors)
    {
        if (WebAddress.CheckTrusted(endpoint.Url, queryAllowed: true) is { } problem)
        {
            errors.Add($"{key}:Url", problem);
        }
        else if (new Uri(endpoint.Url).Scheme != Uri.UriSchemeHttps)
        {
            errors.Add($"{key}:Url", "must begin with https://: both profiles prove the server by its certificate.");
        }

        if (endpoint.Profile == BundleEndpointProfile.https_web)
        {
            ValidateWeb(endpoint, key, errors);
        }
        else
        {
            ValidateServerId(name, domain, endpoint, key, options, errors);
        }
    }

    private static void ValidateWeb(BundleEndpointOptions endpoint, string key, ConfigurationErrors errors)
    {
        if (endpoint.SpiffeId is not null)
        {
            errors.Add($"{key}:SpiffeId", "belongs to the profile https_spiffe: write \"Profile\": \"https_spiffe\", or remove the key.");
        }

        if (endpoint.CaFile is not null && !HoldsCertificates(endpoint.CaFile))
        {
            errors.Add($"{key}:CaFile", "names a file without certificates, or none that this user may read: write the path of a PEM file with CA certificates, relative to the configuration file.");
        }
    }

    private static void ValidateServerId(string name, TrustDomainOptions domain, BundleEndpointOptions endpoint, string key, IdentityOptions options, ConfigurationErrors errors)
    {
        if (endpoint.CaFile is not null)
        {
            errors.Add($"{key}:CaFile", "belongs to the profile https_web: a trust domain's bundle vouches for the server here. Remove the key.");
        }

        if (endpoint.SpiffeId is null || !SpiffeId.TryParse(endpoint.SpiffeId, out var id) || !id.HasPath)
        {
            errors.Add($"{key}:SpiffeId", "must be the server's SPIFFE ID for the profile https_spiffe: write for example \"spiffe://example.org/spire/server\".");
        }
        else if (id.TrustDomain == name)
        {
            if (domain.BundleFile is null)
            {
                errors.Add($"{key}:SpiffeId", "lies in the trust domain whose bundle is to be fetched, so that nothing can vouch for the server at first: write that bundle's path as BundleFile beside BundleEndpoint.");
            }
        }
        else if (!options.TrustDomains.ContainsKey(id.TrustDomain))
        {
            errors.Add($"{key}:SpiffeId", "lies in a trust domain that is not configured, so that nothing vouches for the server: configure that trust domain too.");
        }
    }

    private static bool HoldsCertificates(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
