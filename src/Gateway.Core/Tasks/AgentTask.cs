namespace Gateway.Core.Tasks;

/// <summary>A time-boxed piece of an agent's work, as it runs. Credentials are issued under it and end with it.</summary>
internal sealed class AgentTask
{
    private readonly Lock _gate = new();
    private readonly List<AgentTask> _children = [];
    private readonly Queue<DateTimeOffset> _denials = new();
    private readonly TaskCompletionSource _concluded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _clock;
    private TaskEnd? _end;
    private long _lastUsed;
    private int _calls;
    private bool _heldLease;

    public AgentTask(TaskDefinition definition, AgentTask? parent, TimeProvider clock)
    {
        (Definition, Parent, _clock) = (definition, parent, clock);
        _lastUsed = clock.GetTimestamp();
    }

    public TaskDefinition Definition { get; }

    /// <summary>Null as well where the parent is not remembered any more; then it has ended, and this task with it.</summary>
    public AgentTask? Parent { get; }

    public string Id => Definition.Id;

    /// <summary>Whether a process before this one started it, so that <see cref="Calls"/> are not all that there were.</summary>
    public bool IsRestored { get; init; }

    public CallGate Gate { get; } = new();

    /// <summary>Null while it runs.</summary>
    public TaskEnd? End => Volatile.Read(ref _end);

    /// <summary>Calls that were made under it, refused ones included.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How long neither it nor a part of it has been used.</summary>
    public TimeSpan Idle
    {
        get
        {
            var idle = Gate.Count > 0 ? TimeSpan.Zero : _clock.GetElapsedTime(Volatile.Read(ref _lastUsed));
            return Parts().Select(part => part.Idle).Append(idle).Min();
        }
    }

    /// <summary>Whether it has done work with a lease, and nothing of it is under way, nor a part of it.</summary>
    public bool IsSpent => Gate.Count == 0 && Volatile.Read(ref _heldLease) && Parts().All(part => part.End is not null);

    /// <summary>Counts a call in; false once the task has ended or its time is up.</summary>
    public bool TryEnter(DateTimeOffset now)
    {
        if (now >= Definition.ExpiresAt || !Gate.TryEnter())
        {
            return false;
        }

        Interlocked.Increment(ref _calls);
        return true;
    }

    /// <summary>Notes that one of its calls has a lease.</summary>
    public void HoldLease() => Volatile.Write(ref _heldLease, true);

    /// <returns>Whether this was the last of its calls. See <see cref="IsSpent"/>: a refused call alone is no work that has ended.</returns>
    public bool Leave()
    {
        Volatile.Write(ref _lastUsed, _clock.GetTimestamp());
        return Gate.Leave() == 0;
    }

    /// <summary>Waits until all that its end entails is done: calls cut off, the end remembered, leases accounted for.</summary>
    public Task WaitUntilConcludedAsync(CancellationToken cancellationToken) => _concluded.Task.WaitAsync(cancellationToken);

    public void Conclude() => _concluded.TrySetResult();

    /// <summary>Notes a denial.</summary>
    /// <returns>How many there were within the window, this one included; counted no further than the limit.</returns>
    public int CountDenial(DateTimeOffset now, TimeSpan window, int limit)
    {
        lock (_gate)
        {
            _denials.Enqueue(now);
            while (_denials.Count > limit || now - _denials.Peek() > window)
            {
                _denials.Dequeue();
            }

            return _denials.Count;
        }
    }

    /// <summary>Whether a call to a tool is within what the task was started for.</summary>
    public bool Covers(string tool) => Definition.Tools is not { } tools || tools.Contains(tool, StringComparer.Ordinal);

    /// <summary>Makes another task a part of this one; false once this one has ended.</summary>
    public bool TryAdopt(AgentTask child)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            _children.Add(child);
            return true;
        }
    }

    /// <summary>Ends it, and everything below it: no call of any of them starts after the return.</summary>
    /// <param name="end">How this one ends; those below are told as much.</param>
    /// <returns>The tasks that ended now: none where this one had ended before.</returns>
    public IReadOnlyList<AgentTask> Close(TaskEnd end)
    {
        var ended = new List<AgentTask>();
        Close(end, ended);
        return ended;
    }

    private void Close(TaskEnd end, List<AgentTask> ended)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            Volatile.Write(ref _end, end);
        }

        Gate.Close();
        ended.Add(this);
        foreach (var child in Parts())
        {
            child.Close(end with { Detail = $"The task {Id}, of which it was a part, has ended." }, ended);
        }
    }

    /// <summary>Forgets a part that has ended, but not when it was used.</summary>
    public void Release(AgentTask child)
    {
        lock (_gate)
        {
            _children.Remove(child);
            Volatile.Write(ref _lastUsed, Math.Max(Volatile.Read(ref _lastUsed), Volatile.Read(ref child._lastUsed)));
        }
    }

    private AgentTask[] Parts()
    {
        lock (_gate)
        {
            return [.. _children];
        }
    }
}
