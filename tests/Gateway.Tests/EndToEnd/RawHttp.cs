using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary>Sends bytes that no HTTP client would send.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="listener">Where to.</param>
    /// <param name="request">The request, one byte per character.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The first response; its status is 0 where the server closed the connection without one.</returns>
    public static async Task<RawResponse> SendAsync(Uri listener, string request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(listener.Host, listener.Port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);

        var received = new List<byte>();
        var buffer = new byte[8192];
        while (!IsComplete(received))
        {
            int count;
            try
            {
                count = await stream.ReadAsync(buffer, limit.Token);
            }
            catch (IOException)
            {
                // A server that refuses what is still being sent resets the connection.
                count = 0;
            }

            if (count == 0)
            {
                break;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }

        return Parse(Encoding.Latin1.GetString([.. received]));
    }

    private static bool IsComplete(List<byte> received)
    {
        var text = Encoding.Latin1.GetString([.. received]);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var response = Parse(text);
        return response.Headers.TryGetValue("Content-Length", out var length)
            ? text.Length >= end + 4 + int.Parse(length, CultureInfo.InvariantCulture)
            : response.Headers.ContainsKey("Transfer-Encoding") && text.IndexOf("\r\n0\r\n\r\n", end, StringComparison.Ordinal) >= 0;
    }

    private static RawResponse Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return new RawResponse(0, "", new Dictionary<string, string>(), text);
        }

        var lines = text[..end].Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new RawResponse(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), lines[0], headers, text[(end + 4)..]);
    }
}
