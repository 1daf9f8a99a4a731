using System.Buffers;
using System.Text;
using Gateway.Core.Audit.Index;

namespace Gateway.Admin;

/// <summary>Writes server-sent events (WHATWG HTML, section 9.2), and cuts a client that takes nothing.</summary>
internal sealed class CallStream(HttpContext context, TimeProvider timeProvider)
{
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Something at once, so that the client knows that the stream is open, and where it would go on if nothing came.</summary>
    /// <param name="cursor">The place before the first event; null where only the question says it.</param>
    public Task BeginAsync(string? cursor)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        return SendAsync($"retry: 1000\n{(cursor is null ? "" : $"id: {cursor}\n")}: calls follow\n\n");
    }

    public async Task WriteAsync(IReadOnlyList<FoundCall> calls)
    {
        if (calls.Count == 0)
        {
            return;
        }

        var output = context.Response.BodyWriter;
        foreach (var call in calls)
        {
            Append($"id: {call.Cursor}\ndata: ");
            output.Write(call.Event.Span); // one line of ASCII
            output.Write("\n\n"u8);
        }

        await FlushAsync();
    }

    /// <summary>Nothing new; an id without data moves the client's place on (section 9.2.6).</summary>
    public Task BeatAsync(string? cursor) => SendAsync($"id: {cursor}\n: nothing new\n\n");

    /// <summary>Says where to go on. Who has gone away or takes nothing does not hear it.</summary>
    public async Task EndAsync(string? cursor)
    {
        if (!Aborted.IsCancellationRequested)
        {
            await SendAsync($"id: {cursor}\n: the stream ends here; go on with Last-Event-ID: {cursor}\n\n");
        }
    }

    private Task SendAsync(string text)
    {
        Append(text);
        return FlushAsync();
    }

    private void Append(string text) => Encoding.ASCII.GetBytes(text, context.Response.BodyWriter);

    private async Task FlushAsync()
    {
        using var patience = new CancellationTokenSource(WriteTimeout, timeProvider);
        await using var registration = patience.Token.Register(static state => ((HttpContext)state!).Abort(), context);
        await context.Response.BodyWriter.FlushAsync(Aborted);
    }
}
