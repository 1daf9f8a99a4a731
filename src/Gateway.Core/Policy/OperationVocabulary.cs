namespace Gateway.Core.Policy;

/// <summary>An operation as policy speaks of it.</summary>
/// <param name="Name">What follows "&lt;tool&gt;/" in the action's id.</param>
/// <param name="Method">Its HTTP method.</param>
/// <param name="Parameters">Names of the parameters of its path: the attributes of <c>context.params</c>.</param>
internal sealed record OperationVocabulary(string Name, string Method, IReadOnlyList<string> Parameters);
