namespace Gateway.Core.Audit;

/// <summary>Another process holds the call log's directory.</summary>
internal sealed class DirectoryLockedException(string directory, string holder)
    : IOException($"The call log's directory '{directory}' is in use by another gateway ({holder}). Give each gateway a directory of its own (Gateway:Audit:Directory), or stop the other one.");
