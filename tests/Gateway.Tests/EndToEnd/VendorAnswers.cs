using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>Answers in the form of the OpenAI, Anthropic and GitHub APIs.</summary>
internal static class VendorAnswers
{
    public static readonly string[] Chunks = ["Grüß ", "dich, ", "世", "界", "."];

    public static bool IsStream(RecordedRequest request) =>
        request.Body.Length > 0 && JsonSerializer.Deserialize<JsonElement>(request.Body).TryGetProperty("stream", out var stream) && stream.GetBoolean();

    public static string Json(RecordedRequest request) => (request.Method, request.Target.Split('?')[0]) switch
    {
        ("POST", "/v1/chat/completions") => """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-5","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Grüß dich, 世界."}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
            """,
        ("POST", "/v1/messages") => """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Grüß dich, 世界."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}
            """,
        ("POST", _) => """{"id":1,"number":7,"title":"Grüße, 世界","state":"open"}""",
        _ => """{"type":"file","name":"ä b.md","path":"ä b.md","encoding":"base64","content":"aGk="}""",
    };

    /// <summary>Server-sent events; each piece is sent when the semaphore lets it.</summary>
    public static async Task StreamAsync(RecordedRequest request, HttpContext context, SemaphoreSlim next)
    {
        var stopped = context.RequestAborted;
        context.Response.ContentType = "text/event-stream";
        var isAnthropic = request.Target.StartsWith("/v1/messages", StringComparison.Ordinal);
        if (isAnthropic)
        {
            await WriteAsync(context, "message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":0}}}""");
            await WriteAsync(context, "content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        }

        foreach (var chunk in Chunks)
        {
            await next.WaitAsync(stopped);
            var text = JsonSerializer.Serialize(chunk);
            if (isAnthropic)
            {
                await WriteAsync(context, "content_block_delta", $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{text}}}}}""");
            }
            else
            {
                await WriteAsync(context, null, $$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-5","choices":[{"index":0,"delta":{"content":{{{text}}}},"finish_reason":null}]}""");
            }
        }

        await next.WaitAsync(stopped);
        await (isAnthropic ? WriteAsync(context, "message_stop", """{"type":"message_stop"}""") : WriteAsync(context, null, "[DONE]"));
    }

    private static async Task WriteAsync(HttpContext context, string? name, string data)
    {
        var text = $"{(name is null ? "" : $"event: {name}\n")}data: {data}\n\n";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
