using Gateway.Core.Policy;

namespace Gateway.Evaluation;

/// <summary>Reads in which task a call is to be, and what its agent is to have done before: what the running gateway knows by itself.</summary>
internal static class PastReader
{
    /// <returns>Null where the call has no task, or, having said so, where it is wrong.</returns>
    public static TaskFacts? ReadTask(JsonMembers members)
    {
        if (members.Object("task") is not { } task)
        {
            return null;
        }

        var id = task.RequiredText("id", "the task's id, or any text that stands for it");
        var purpose = task.RequiredText("purpose", "what the task is for");
        var user = task.Text("user");
        var (depth, calls) = (task.Count("depth") ?? 0, task.Count("calls") ?? 0);
        var remaining = task.Duration("remaining");
        if (!task.Has("remaining"))
        {
            task.Refuse("remaining", "is required: write how long the task has left, such as \"15m\".");
        }
        else if (remaining < TimeSpan.Zero)
        {
            task.Refuse("remaining", "must not be negative: a call of a task that has ended is refused before policy is asked.");
        }

        task.RefuseOthers();
        return new TaskFacts(id, purpose, user, depth, calls, remaining ?? default);
    }

    /// <returns>Null where nothing is said, or, having said so, where it is wrong. What is left out is as if the agent had not done it.</returns>
    public static HistoryFacts? ReadHistory(JsonMembers members)
    {
        if (members.Object("history") is not { } history)
        {
            return null;
        }

        var lastMinute = history.Count("callsLastMinute") ?? 0;
        var lastHour = history.Count("callsLastHour") ?? lastMinute;
        if (lastHour < lastMinute)
        {
            history.Refuse("callsLastHour", "must not be less than callsLastMinute: the hour holds the minute.");
        }

        var facts = new HistoryFacts(lastMinute, lastHour, history.Count("deniedLastHour") ?? 0, history.Texts("toolsLastHour") ?? []);
        history.RefuseOthers();
        return facts;
    }
}
