using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gateway.Hosting;
using Gateway.Integrations.Secrets;

namespace Gateway.Admin;

/// <summary>The token of the embedded default: made at the first start, readable by the gateway's user alone.</summary>
internal sealed class AdminToken(StartupPlan plan) : IHostedService
{
    public const string FileName = "admin-token";

    private const string DirectoryOption = "Gateway:DataDirectory";
    private const int Bytes = 32;

    private byte[]? _hash;

    /// <exception cref="StartupException">There is no token that could be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _hash = SHA256.HashData(Encoding.UTF8.GetBytes(await ReadAsync(cancellationToken)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(DirectoryOption, problem.Message, problem);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>Hashes are compared, so that neither length nor content show in the time it takes.</remarks>
    public bool Matches(string token) => _hash is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _hash);

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(plan.Options.DataDirectory, FileName);
        if (!File.Exists(path))
        {
            PrivateFile.CreateDirectory(plan.Options.DataDirectory);
            var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
            PrivateFile.Replace(path, stream => stream.Write(Encoding.ASCII.GetBytes(token + "\n")));
        }

        if (PrivateFile.IsShared(path))
        {
            throw new StartupException(DirectoryOption, $"{path}: others than the gateway's user may read it; remove it, so that the next start makes another.");
        }

        var text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        if (text.Length < Bytes)
        {
            throw new StartupException(DirectoryOption, $"{path}: holds no token; remove it, so that the next start makes one.");
        }

        return text;
    }
}
