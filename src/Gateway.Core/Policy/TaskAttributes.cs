using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary><c>context.task</c>.</summary>
internal sealed class TaskAttributes(TaskFacts task) : CedarRecord(TaskShape)
{
    private static readonly RecordShape TaskShape = new("id", "purpose", "user", "depth", "calls", "remaining");

    protected override CedarValue GetValue(int index) => index switch
    {
        0 => CedarValue.From(task.Id),
        1 => CedarValue.From(task.Purpose),
        2 => task.User is { } user ? CedarValue.From(user) : default,
        3 => CedarValue.From((long)task.Depth),
        4 => CedarValue.From((long)task.Calls),
        5 => CedarValue.From(task.Remaining),
        _ => default,
    };
}
