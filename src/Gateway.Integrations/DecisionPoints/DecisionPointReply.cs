using System.Text.Json;

namespace Gateway.Integrations.DecisionPoints;

/// <summary>What came of one question: a document, or a fault in our words.</summary>
/// <param name="Document">A JSON object; undefined where there is a fault.</param>
/// <param name="Fault">One sentence that repeats nothing of what the server wrote; null where there is a document.</param>
/// <param name="Reached">Whether somebody answered, however badly.</param>
internal readonly record struct DecisionPointReply(JsonElement Document, string? Fault, bool Reached)
{
    public const string NoConnection = "The policy decision point could not be reached.";

    public static DecisionPointReply Of(JsonElement document) => new(document, null, Reached: true);

    public static DecisionPointReply Unusable(string fault) => new(default, fault, Reached: true);

    public static DecisionPointReply Unreached(string fault) => new(default, fault, Reached: false);
}
