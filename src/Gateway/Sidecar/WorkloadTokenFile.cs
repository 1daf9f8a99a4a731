using System.Buffers;
using System.Text;

namespace Gateway.Sidecar;

/// <summary>The token in a file, such as a projected service-account token.</summary>
internal sealed class WorkloadTokenFile(RotatingFiles<string> file) : IWorkloadToken
{
    private const int MaxLength = 128 * 1024;

    private static readonly SearchValues<char> Base64Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public string? Current => file.Current;

    /// <summary>Three parts of base64url, a line end behind them or not. Anything else, a private key for one, is not sent anywhere.</summary>
    public static string? Read(ReadOnlySpan<byte> content)
    {
        var text = Encoding.Latin1.GetString(content).AsSpan().TrimEnd("\r\n");
        if (text.Length > MaxLength || text.Count('.') != 2 || !text.StartsWith("eyJ", StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var part in text.Split('.'))
        {
            if (text[part].IsEmpty || text[part].ContainsAnyExcept(Base64Url))
            {
                return null;
            }
        }

        return text.ToString();
    }
}
