using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>An action that a request can be, unlike those that only group others.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Operation">The operation, or a method under its own name.</param>
/// <param name="Definition">The entity.</param>
/// <param name="CanOccur">False for the methods of a tool that has <see cref="ToolVocabulary.OnlyOperations"/>.</param>
internal sealed record CallableAction(string Tool, OperationVocabulary Operation, EntityDefinition Definition, bool CanOccur);
