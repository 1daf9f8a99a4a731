using System.Text.Json;
using Gateway.Calls;
using Gateway.Core.Audit.Index;
using Gateway.Tasks;

namespace Gateway.Admin;

/// <summary><c>/v1/calls</c>: the events of calls as they are in the log, found by its index.</summary>
internal sealed class CallsApi(ICallIndex index, CallIndexer indexer, CallFilterText filters, TimeProvider timeProvider)
{
    /// <summary>How long an answer waits for the index to cover what was logged before the question.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    /// <summary>Newest first; <c>next</c>, where there is more, is the next page's <c>cursor</c>.</summary>
    public async ValueTask<AdminProblem?> ListAsync(HttpContext context, AdminCaller caller)
    {
        if (filters.Read(Parameters(context.Request), out var question) is { } problem)
        {
            return AdminProblem.Malformed(problem);
        }

        var isComplete = await indexer.CatchUpAsync(Patience, context.RequestAborted);
        try
        {
            var page = await index.ReadAsync(question, context.RequestAborted);
            await JsonAnswer.WriteAsync(context.Response, json => Write(json, page, isComplete), context.RequestAborted);
            return null;
        }
        catch (CallCursorException)
        {
            return AdminProblem.Malformed("'cursor' takes what an earlier answer gave as 'next'.");
        }
    }

    public async ValueTask<AdminProblem?> ShowAsync(HttpContext context, AdminCaller caller)
    {
        var id = context.Request.RouteValues["id"] as string ?? "";
        var isComplete = await indexer.CatchUpAsync(Patience, context.RequestAborted);
        var found = await index.FindAsync(id, context.RequestAborted);
        if (found is null && isComplete)
        {
            // A call is recorded when it has ended, which whoever made it sees a moment before.
            await Task.Delay(Moment, timeProvider, context.RequestAborted);
            isComplete = await indexer.CatchUpAsync(Patience, context.RequestAborted);
            found = await index.FindAsync(id, context.RequestAborted);
        }

        if (found is not { } call)
        {
            return isComplete
                ? AdminProblem.NotFound("The log has no call with this id, or its files were deleted.")
                : AdminProblem.IndexUnavailable("The index does not cover the whole log yet, and the call is not among what it covers: ask again soon.");
        }

        await JsonAnswer.WriteAsync(context.Response, json => json.WriteRawValue(call.Span, skipInputValidation: true), context.RequestAborted);
        return null;
    }

    public static IEnumerable<KeyValuePair<string, string>> Parameters(HttpRequest request) =>
        request.Query.SelectMany(parameter => parameter.Value.Select(value => KeyValuePair.Create(parameter.Key, value ?? "")));

    private static void Write(Utf8JsonWriter json, CallPage page, bool isComplete)
    {
        json.WriteStartObject();
        json.WriteStartArray("calls");
        foreach (var call in page.Calls)
        {
            json.WriteRawValue(call.Event.Span, skipInputValidation: true);
        }

        json.WriteEndArray();
        if (page.Next is { } next)
        {
            json.WriteString("next", next);
        }

        if (!isComplete)
        {
            json.WriteBoolean("indexing", true);
        }

        json.WriteEndObject();
    }
}
