using Gateway.Calls;
using Gateway.Core.Audit.Index;

namespace Gateway.Admin;

/// <summary><c>/v1/calls/stream</c>: calls as they are logged, as server-sent events whose id is the call's cursor.</summary>
/// <remarks>Nothing is queued for a client: each reads the index at its own pace, so that a slow one costs one page of memory.</remarks>
internal sealed class CallsStreamApi(
    ICallIndex index, CallIndexer indexer, CallFilterText filters, TimeProvider timeProvider, IHostApplicationLifetime lifetime)
{
    private const int MaxStreams = 64;
    private const int PageSize = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>What other gateways add to an index that is shared is not announced here.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>An operator's token is looked at when a stream begins, so this is how long one can outlive it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private int _streams;

    /// <summary>From now on, from <c>since</c> on, or with <c>Last-Event-ID</c> from behind that call; with the list's other filters.</summary>
    public async ValueTask<AdminProblem?> FollowAsync(HttpContext context, AdminCaller caller)
    {
        if (filters.Read(CallsApi.Parameters(context.Request), out var question) is { } problem)
        {
            return AdminProblem.Malformed(problem);
        }

        if (context.Request.Query.ContainsKey("limit"))
        {
            return AdminProblem.Malformed("'limit' is for pages; a stream has no end.");
        }

        var lastSeen = context.Request.Headers["Last-Event-ID"].ToString();
        question = question with { OldestFirst = true, Limit = PageSize, Cursor = lastSeen.Length > 0 ? lastSeen : question.Cursor };
        try
        {
            if (Interlocked.Increment(ref _streams) > MaxStreams)
            {
                return AdminProblem.IndexUnavailable("Too many streams are open: close one, or ask for pages.");
            }

            var isComplete = await indexer.CatchUpAsync(Patience, context.RequestAborted);
            if (question.Cursor is null && question.Filter.Since is null)
            {
                if (!isComplete)
                {
                    return AdminProblem.IndexUnavailable("The index is still being made, so that nobody can tell yet where 'now' is: ask again soon, or from a 'since' on.");
                }

                question = question with { Cursor = await index.EndAsync(context.RequestAborted) };
            }

            // The first page is read before the answer begins, while a refusal can still be one.
            var page = await index.ReadAsync(question, context.RequestAborted);
            await FollowAsync(new CallStream(context, timeProvider), question, page);
            return null;
        }
        catch (CallCursorException)
        {
            return AdminProblem.Malformed("'Last-Event-ID' and 'cursor' take the id of an event of this stream.");
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task FollowAsync(CallStream stream, CallQuestion question, CallPage page)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stream.Aborted, lifetime.ApplicationStopping);
        await stream.BeginAsync(question.Cursor);
        var (begun, written) = (timeProvider.GetTimestamp(), timeProvider.GetTimestamp());
        try
        {
            while (timeProvider.GetElapsedTime(begun) < Lifetime)
            {
                await stream.WriteAsync(page.Calls);
                question = question with { Cursor = page.Next };
                if (page.Calls.Count > 0)
                {
                    written = timeProvider.GetTimestamp();
                }
                else if (timeProvider.GetElapsedTime(written) >= HeartbeatInterval)
                {
                    await stream.BeatAsync(page.Next);
                    written = timeProvider.GetTimestamp();
                }

                // Asked for before the page is, so that none is missed in between.
                var addition = indexer.Addition;
                page = await index.ReadAsync(question, end.Token);
                if (page.Calls.Count == 0)
                {
                    await Task.WhenAny(addition, Task.Delay(PollInterval, timeProvider, end.Token));
                    end.Token.ThrowIfCancellationRequested();
                    await indexer.CatchUpAsync(Patience, end.Token);
                    page = await index.ReadAsync(question with { Cursor = page.Next }, end.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client went away, or the gateway stops, or the index is made anew: a client that is still there comes again.
        }

        await stream.EndAsync(question.Cursor);
    }
}
