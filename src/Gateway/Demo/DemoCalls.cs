namespace Gateway.Demo;

/// <summary>The five calls.</summary>
internal static class DemoCalls
{
    private const string Note = "/notes-api/notes/7";

    /// <summary>Those that the agent makes while its task runs.</summary>
    public static readonly IReadOnlyList<DemoCall> InTask =
    [
        new("A read that policy permits", HttpMethod.Get, Note, 200),
        new("A write that policy permits", HttpMethod.Post, "/notes-api/notes", 201) { Body = new { text = "Buy milk" } },
        new("A delete that policy forbids", HttpMethod.Delete, Note, 403, "policy_denied"),
        new("A forged identity", HttpMethod.Get, Note, 401, "identity_invalid") { IsForged = true },
    ];

    /// <summary>The first one once more, too late.</summary>
    public static readonly DemoCall AfterTask = new("The same read after the task's end", HttpMethod.Get, Note, 403, "task_ended");
}
