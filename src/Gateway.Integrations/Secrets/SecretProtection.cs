using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Credentials;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Integrations.Secrets;

/// <summary>Encrypts values for the names that they are stored under, with the key ring as it is on disk at the moment of creation.</summary>
internal sealed class SecretProtection
{
    /// <summary>Part of every ciphertext: never change it.</summary>
    private const string Purpose = "Gateway.SecretStore.v1";

    private readonly IDataProtectionProvider _provider;

    /// <param name="repository">The key ring.</param>
    /// <param name="mayCreateKeys">Only for a writer that holds the store's lock: two processes that each made a first key would write values the other cannot read.</param>
    public SecretProtection(KeyRingRepository repository, bool mayCreateKeys)
    {
        // Its own container, without logging: a command line has no use for Data Protection's remarks, and its keys are private files.
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("gateway");
        services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = repository;
            options.AutoGenerateKeys = mayCreateKeys;
        });

        // The container is not disposed: a read may still be using the provider when a newer one takes its place.
        _provider = services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }

    public string Protect(string name, SecretValue value)
    {
        var plain = Encoding.UTF8.GetBytes(value.Reveal());
        try
        {
            return Base64Url.EncodeToString(ProtectorOf(name).Protect(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <exception cref="CryptographicException">Not encrypted for this name with a key of this ring.</exception>
    /// <exception cref="FormatException">Not base64url.</exception>
    public SecretValue Unprotect(string name, string text)
    {
        var plain = ProtectorOf(name).Unprotect(Base64Url.DecodeFromChars(text));
        try
        {
            return new SecretValue(Encoding.UTF8.GetString(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private IDataProtector ProtectorOf(string name) => _provider.CreateProtector(Purpose, name);
}
