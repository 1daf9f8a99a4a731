namespace Gateway.Evaluation;

/// <summary>What a request is to its tool, as routing finds it.</summary>
internal sealed record RoutedTarget(string Method, string Operation, string Path, string Query, IReadOnlyList<KeyValuePair<string, string>> Parameters);
