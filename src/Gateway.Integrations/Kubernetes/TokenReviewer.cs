using System.Net;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Kubernetes;

/// <summary>Asks a cluster whether it still stands by a token, so that the token of a deleted pod stops working before it expires.</summary>
/// <remarks>
/// All who ask about one token at a time share one question. Only tokens that verified get here, so that nobody but the cluster's
/// own workloads can make the gateway ask. What cannot be asked is refused.
/// </remarks>
internal sealed class TokenReviewer(
    string issuer,
    ClusterClient cluster,
    IReadOnlyList<string> audiences,
    TokenReviewRules rules,
    TimeProvider time,
    ILogger logger) : ITokenReviewer
{
    /// <summary>How long a refusal counts: a workload that tries again and again must not become load on the API server.</summary>
    public static readonly TimeSpan RefusalCache = TimeSpan.FromSeconds(10);

    /// <summary>How long an API server that gave no answer is left alone about the same token.</summary>
    public static readonly TimeSpan FailureCache = TimeSpan.FromSeconds(1);

    private const int Capacity = 10_000;

    private readonly Lock _asking = new();
    private readonly Dictionary<string, Question> _questions = new(new TokenTextComparer());
    private bool _failing;

    public ValueTask<TokenReview> ReviewAsync(string token, string subject, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Question? question;
        lock (_asking)
        {
            if (!_questions.TryGetValue(token, out question) || question.IsOver(now))
            {
                MakeRoom(now);
                question = new Question();
                _questions[token] = question;
                question.Answer = AskAsync(question, token, subject, now);
            }
        }

        return new(question.Answer.WaitAsync(cancellationToken));
    }

    private async Task<TokenReview> AskAsync(Question question, string token, string subject, DateTimeOffset now)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not under the lock
        var review = await AskAsync(token, subject, now);
        question.Until = review.Until;
        return review;
    }

    /// <summary>Everything counts from before the question: what happens while the answer travels must not count as known.</summary>
    private async Task<TokenReview> AskAsync(string token, string subject, DateTimeOffset now)
    {
        try
        {
            var answer = await cluster.SendAsync(
                HttpMethod.Post, TokenReviewDocument.Path, TokenReviewDocument.Question(token, audiences), HttpStatusCode.Created, rules.Timeout, CancellationToken.None);
            if (TokenReviewDocument.Vouches(answer, subject, audiences) is not { } stands)
            {
                throw new ClusterException("The API server's answer is no TokenReview.");
            }

            Report(null);
            return stands ? TokenReview.Good(now + rules.Cache) : TokenReview.Bad(IdentityFailure.ReviewRefused, now + Shorter(RefusalCache));
        }
        catch (ClusterException exception)
        {
            Report(exception.Message);
        }
#pragma warning disable CA1031 // Whatever goes wrong here must refuse, and be asked again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Report($"The question failed unexpectedly ({exception.GetType().Name}).");
        }

        return TokenReview.Bad(IdentityFailure.ReviewUnavailable, time.GetUtcNow() + Shorter(FailureCache));
    }

    /// <summary>Once when it begins and once when it is over; each refused call has its record.</summary>
    private void Report(string? problem)
    {
        if (Interlocked.Exchange(ref _failing, problem is not null) == (problem is not null))
        {
            return;
        }

        if (problem is not null)
        {
            KubernetesLog.ReviewFailed(logger, issuer, problem);
        }
        else
        {
            KubernetesLog.ReviewRecovered(logger, issuer);
        }
    }

    /// <summary>Who wants to be asked for every call does not want a refusal to linger either.</summary>
    private TimeSpan Shorter(TimeSpan duration) => duration < rules.Cache ? duration : rules.Cache;

    private void MakeRoom(DateTimeOffset now)
    {
        if (_questions.Count < Capacity)
        {
            return;
        }

        foreach (var (token, _) in _questions.Where(entry => entry.Value.IsOver(now)))
        {
            _questions.Remove(token);
        }

        if (_questions.Count >= Capacity)
        {
            // Costs a question for each; whoever waits for one still gets its answer.
            _questions.Clear();
        }
    }

    private sealed class Question
    {
        private long _until = DateTimeOffset.MaxValue.UtcTicks;

        public Task<TokenReview> Answer { get; set; } = Task.FromResult(default(TokenReview));

        /// <summary>From when the answer no longer counts; never while it is awaited.</summary>
        public DateTimeOffset Until
        {
            set => Volatile.Write(ref _until, value.UtcTicks);
        }

        public bool IsOver(DateTimeOffset now) => now.UtcTicks >= Volatile.Read(ref _until);
    }
}
