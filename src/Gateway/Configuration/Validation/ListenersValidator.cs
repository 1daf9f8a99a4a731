using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Integrations.Linux;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Listeners</c>.</summary>
internal static class ListenersValidator
{
    private const string Section = "Gateway:Listeners";

    public static void Validate(ListenersOptions options, ConfigurationErrors errors)
    {
        if (options.Agents.Count == 0)
        {
            errors.Add($"{Section}:Agents", "must have an entry: write [ { \"Url\": \"http://127.0.0.1:8080\" } ].");
        }

        var taken = new List<(string Key, ListenerAddress Address)>();
        foreach (var (index, listener) in options.Agents.Index())
        {
            Validate(listener, $"{Section}:Agents:{index}", taken, errors);
        }

        Validate(options.Admin, $"{Section}:Admin", taken, errors);
        if (options.Admin.ClientCertificate != ListenerClientCertificate.None)
        {
            errors.Add($"{Section}:Admin:ClientCertificate", "belongs to the agents' listeners: operators are not known by certificates. Remove the key.");
        }
    }

    private static void Validate(ListenerOptions listener, string key, List<(string Key, ListenerAddress Address)> taken, ConfigurationErrors errors)
    {
        var urlKey = $"{key}:Url";
        if (!ListenerAddress.TryParse(listener.Url, out var address, out var problem))
        {
            errors.Add(urlKey, problem);
            return;
        }

        if (taken.Find(other => other.Address.ClashesWith(address)) is { Key: { } clash })
        {
            errors.Add(urlKey, address.SocketPath is null ? $"has the same address and port as {clash}: choose another port." : $"is the socket of {clash} too: choose another.");
        }

        taken.Add((urlKey, address));
        ValidateSocket(listener, address, key, errors);
        if (address.Https)
        {
            ValidateCertificate(listener, key, errors);
            return;
        }

        RefuseForHttp(listener.Certificate, $"{key}:Certificate", errors);
        RefuseForHttp(listener.Key, $"{key}:Key", errors);
        if (listener.ClientCertificate != ListenerClientCertificate.None)
        {
            errors.Add($"{key}:ClientCertificate", "belongs to an https listener: write https:// in Url, or remove the key.");
        }

        if (!address.IsLoopback)
        {
            errors.Warn(urlKey, "takes tokens over the network without encryption: write https:// with Certificate and Key, unless something in front of it encrypts.");
        }
    }

    private static void ValidateSocket(ListenerOptions listener, ListenerAddress address, string key, ConfigurationErrors errors)
    {
        if (listener.Mode is not null)
        {
            CheckSocketKey($"{key}:Mode", SocketMode.TryParse(listener.Mode, out _) ? null : "must be three octal digits, a zero before them if you like: write for example \"0660\".");
        }

        if (listener.Group is not null)
        {
            CheckSocketKey($"{key}:Group", AccountNames.FindGroup(listener.Group) is not null ? null : "names no group of this machine: write the name or number of one.");
        }

        void CheckSocketKey(string socketKey, string? problem)
        {
            if (address.SocketPath is null)
            {
                errors.Add(socketKey, "belongs to a Unix socket: write \"unix:\" and a path in Url, or remove the key.");
            }
            else if (problem is not null)
            {
                errors.Add(socketKey, problem);
            }
        }
    }

    private static void RefuseForHttp(string? file, string key, ConfigurationErrors errors)
    {
        if (file is not null)
        {
            errors.Add(key, "belongs to an https listener: write https:// in Url, or remove the key.");
        }
    }

    private static void ValidateCertificate(ListenerOptions listener, string key, ConfigurationErrors errors)
    {
        var present = CheckFile(listener.Certificate, $"{key}:Certificate", "a PEM file with the certificate and its chain", errors);
        present &= CheckFile(listener.Key, $"{key}:Key", "a PEM file with the certificate's unencrypted private key", errors);
        if (!present || listener.Certificate is null || listener.Key is null)
        {
            return;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(listener.Certificate, listener.Key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{key}:Certificate", "does not load together with Key: write PEM files that this user may read, with a certificate and its own, unencrypted private key.");
        }
    }

    private static bool CheckFile(string? file, string key, string what, ConfigurationErrors errors)
    {
        if (file is null)
        {
            errors.Add(key, $"is required for https: write the path of {what}.");
            return false;
        }

        if (!File.Exists(file))
        {
            errors.Add(key, $"names a file that does not exist: write the path of {what}, relative to the configuration file.");
            return false;
        }

        return true;
    }
}
