namespace Gateway.Core.Policy;

/// <summary>What policy may know of what an agent did before one call: <c>context.history</c>.</summary>
internal interface IHistoryFacts
{
    /// <summary>Calls that policy permitted or has yet to decide, in the sixty seconds before this one.</summary>
    int CallsLastMinute { get; }

    /// <summary>The same in the hour before, to the minute.</summary>
    int CallsLastHour { get; }

    /// <summary>Calls that policy denied in the hour before, to the minute.</summary>
    int DeniedLastHour { get; }

    /// <summary>Tools that calls were permitted to in the hour before, to the minute.</summary>
    IReadOnlyList<string> ToolsLastHour { get; }
}
