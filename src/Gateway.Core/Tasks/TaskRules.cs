namespace Gateway.Core.Tasks;

/// <summary>What may be asked of a task; a part of another task may have less than that one, never more.</summary>
internal static class TaskRules
{
    public const int MaxPurpose = 512;
    public const int MaxName = 256;
    public const int MaxNames = 100;

    /// <returns>What to ask instead; null where the request is sound.</returns>
    public static string? Problem(TaskRequest request, TaskLimits limits)
    {
        if (!IsText(request.Purpose, MaxPurpose))
        {
            return $"'purpose' takes 1 to {MaxPurpose} characters without control characters.";
        }

        if (request.Lifetime is { } lifetime && (lifetime <= TimeSpan.Zero || lifetime > limits.MaxLifetime))
        {
            return $"'lifetime' takes more than nothing and at most {limits.MaxLifetime:c}.";
        }

        if (request.User is { } user && !IsText(user, MaxName))
        {
            return $"'user' takes 1 to {MaxName} characters without control characters.";
        }

        return ListProblem("tools", request.Tools) ?? ListProblem("scopes", request.Scopes) ?? ParentProblem(request, limits);
    }

    /// <summary>What tasks are remembered to; a time with more would be another one after a restart.</summary>
    public static DateTimeOffset ToMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    public static TaskDefinition Define(string id, TaskRequest request, TaskLimits limits, DateTimeOffset time)
    {
        var now = ToMilliseconds(time);
        var parent = request.Parent?.Definition;
        var expiresAt = now + (request.Lifetime ?? (limits.DefaultLifetime < limits.MaxLifetime ? limits.DefaultLifetime : limits.MaxLifetime));
        return new TaskDefinition
        {
            Id = id,
            Agent = request.Agent,
            Purpose = request.Purpose,
            StartedAt = now,
            ExpiresAt = Earlier(Earlier(expiresAt, parent?.ExpiresAt), request.EndsBy),
            Tools = request.Tools ?? parent?.Tools,
            Scopes = request.Scopes ?? parent?.Scopes,
            User = request.User ?? parent?.User,
            Parent = parent?.Id,
            Transaction = request.Transaction ?? parent?.Transaction,
            Chain = [.. Links([request.Agent, .. request.ActsFor, .. parent?.Chain ?? []])],
            Depth = parent is null ? 0 : parent.Depth + 1,
        };
    }

    private static string? ParentProblem(TaskRequest request, TaskLimits limits)
    {
        if (request.Parent?.Definition is not { } parent)
        {
            return null;
        }

        return parent.Depth + 1 > limits.MaxDelegationDepth
                ? $"The parent is {parent.Depth} tasks deep already, and {limits.MaxDelegationDepth} is the limit."
            : Exceeds(request.Tools, parent.Tools) ? "'tools' names one that the parent task does not have."
            : Exceeds(request.Scopes, parent.Scopes) ? "'scopes' names one that the parent task does not have."
            : parent.Transaction is not null && request.Transaction is not null && request.Transaction != parent.Transaction ? "The Txn-Token belongs to another transaction than the parent task."
            : parent.User is not null && request.User is not null && request.User != parent.User ? "The user is the parent task's and cannot become another."
            : null;
    }

    /// <summary>Nobody delegates to himself: whom a token names and who has the parent task may be one.</summary>
    private static IEnumerable<string> Links(IReadOnlyList<string> chain) => chain.Where((link, i) => i == 0 || link != chain[i - 1]);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? ToMilliseconds(other.Value) : one;

    private static bool Exceeds(IReadOnlyList<string>? wanted, IReadOnlyList<string>? held) =>
        wanted is not null && held is not null && wanted.Except(held, StringComparer.Ordinal).Any();

    private static string? ListProblem(string name, IReadOnlyList<string>? list) =>
        list is null || (list.Count <= MaxNames && list.All(entry => IsText(entry, MaxName) && !entry.Contains(' ')))
            ? null
            : $"'{name}' takes at most {MaxNames} names of up to {MaxName} characters without spaces.";

    private static bool IsText(string text, int limit) => text.Length > 0 && text.Length <= limit && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);
}
