namespace Gateway.Core.Tasks;

/// <summary>Remembers tasks across a kill of the process.</summary>
internal interface ITaskStore
{
    /// <summary>On disk when this returns.</summary>
    /// <exception cref="StateUnavailableException">It cannot be remembered.</exception>
    ValueTask AddAsync(TaskDefinition task, CancellationToken cancellationToken);

    /// <summary>On disk when this returns. The first end of a task counts.</summary>
    /// <exception cref="StateUnavailableException">It cannot be remembered; the task has ended in this process nevertheless.</exception>
    ValueTask EndAsync(string task, TaskEnd end, CancellationToken cancellationToken);

    /// <summary>Notes that the end of a task is in the log, so that the next process need not put it there.</summary>
    /// <exception cref="StateUnavailableException">It cannot be noted.</exception>
    ValueTask NoteEndRecordedAsync(string task, CancellationToken cancellationToken);

    /// <summary>One task that was remembered, running or ended; null where it never was or was forgotten.</summary>
    ValueTask<RememberedTask?> FindAsync(string task, CancellationToken cancellationToken);

    /// <summary>Tasks that run, that ended since a time, or whose end is not in the log; each behind the one that it is a part of.</summary>
    ValueTask<IReadOnlyList<RememberedTask>> LoadAsync(DateTimeOffset endedSince, CancellationToken cancellationToken);

    /// <summary>Forgets the tasks that ended before a time.</summary>
    /// <exception cref="StateUnavailableException">They cannot be forgotten now.</exception>
    ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
