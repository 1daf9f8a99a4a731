using System.Text.Json;

namespace Gateway.Tests.Faults;

/// <summary>What an agent knows of its task.</summary>
internal sealed class FaultTask(string id)
{
    public string Id { get; } = id;

    /// <summary>Whether its end was asked for and not answered.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Null until its end was answered.</summary>
    public JsonElement? Receipt { get; set; }
}
