using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Vault</c>, and that it is there where something needs it.</summary>
internal static class VaultValidator
{
    private const string Section = "Gateway:Vault";

    public static void Validate(GatewayOptions options, ConfigurationErrors errors)
    {
        if (options.Vault is { } vault)
        {
            Validate(vault, errors);
        }

        if (options.Vault is null && options.Audit.SigningKey?.Transit is not null)
        {
            errors.Add("Gateway:Audit:SigningKey", "names a key in Vault, and none is configured: write Gateway:Vault, or a reference to a private key.");
        }

        foreach (var (key, reference) in SecretReferences.In(options).Where(found => found.Reference.Scheme == SecretReference.VaultScheme))
        {
            if (options.Vault is null)
            {
                errors.Add(key, "refers to Vault, and none is configured: write Gateway:Vault, or another reference.");
            }
            else if (key.StartsWith($"{Section}:", StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(key, "is what opens Vault and so cannot lie in it: write secret:NAME, env:NAME or file:PATH.");
            }
        }
    }

    private static void Validate(VaultOptions vault, ConfigurationErrors errors)
    {
        CheckAddress(vault.Address, $"{Section}:Address", errors);
        foreach (var (index, address) in vault.StandbyAddresses.Index())
        {
            CheckAddress(address, $"{Section}:StandbyAddresses:{index}", errors);
        }

        CheckPath(vault.Namespace?.Trim('/'), $"{Section}:Namespace", "must be names with one '/' between them: write for example \"team/agents\".", errors);
        CheckPath(vault.TokenRole?.Replace('/', '#'), $"{Section}:TokenRole", "must be the name of a token role, without a path.", errors);
        CheckFile(vault.CaFile, $"{Section}:CaFile", errors);
        ValidateAuth(vault, errors);
    }

    private static void ValidateAuth(VaultOptions vault, ConfigurationErrors errors)
    {
        var auth = vault.Auth;
        var key = $"{Section}:Auth";
        CheckPath(auth.Mount, $"{key}:Mount", "must be the mount behind \"auth/\": write for example \"kubernetes\".", errors);
        var (isJwt, isAppRole) = (auth.Method == VaultAuthMethod.Jwt, auth.Method == VaultAuthMethod.AppRole);
        var (isCertificate, isToken) = (auth.Method == VaultAuthMethod.Certificate, auth.Method == VaultAuthMethod.Token);
        var isKubernetes = auth.Method == VaultAuthMethod.Kubernetes;
        void Check(string name, object? value, bool isUsed, bool isNeeded)
        {
            if (value is null && isNeeded)
            {
                errors.Add($"{key}:{name}", $"is required for the method {auth.Method}.");
            }
            else if (value is not null && !isUsed)
            {
                errors.Add($"{key}:{name}", $"is not used by the method {auth.Method}: remove it, or write another Method.");
            }
        }

        Check(nameof(auth.Role), auth.Role, isKubernetes || isJwt || isCertificate, isKubernetes);
        Check(nameof(auth.JwtFile), auth.JwtFile, isKubernetes || isJwt, isJwt);
        Check(nameof(auth.RoleId), auth.RoleId, isAppRole, isAppRole);
        Check(nameof(auth.SecretId), auth.SecretId, isAppRole, isAppRole);
        Check(nameof(auth.SecretIdWrapped), auth.SecretIdWrapped ? true : null, isAppRole, isNeeded: false);
        Check(nameof(auth.Token), auth.Token, isToken, isToken);
        Check(nameof(auth.Mount), auth.Mount, !isToken, isNeeded: false);
        Check(nameof(auth.Certificate), auth.Certificate, isCertificate, isCertificate);
        Check(nameof(auth.Key), auth.Key, isCertificate, isCertificate);
        if (isCertificate)
        {
            CheckFile(auth.Certificate, $"{key}:Certificate", errors);
            CheckFile(auth.Key, $"{key}:Key", errors);
            if (!vault.Address.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            {
                errors.Add($"{Section}:Address", "must begin with https://: a client certificate is shown in TLS.");
            }
        }
    }

    private static void CheckAddress(string address, string key, ConfigurationErrors errors)
    {
        if (WebAddress.CheckTrusted(address, queryAllowed: false) is { } problem)
        {
            errors.Add(key, problem);
        }
    }

    private static void CheckPath(string? path, string key, string problem, ConfigurationErrors errors)
    {
        if (path is not null && !VaultPath.IsPath(path))
        {
            errors.Add(key, problem);
        }
    }

    private static void CheckFile(string? file, string key, ConfigurationErrors errors)
    {
        if (file is not null && !File.Exists(file))
        {
            errors.Add(key, "names a file that does not exist: write the path of a PEM file, relative to the configuration file.");
        }
    }
}
