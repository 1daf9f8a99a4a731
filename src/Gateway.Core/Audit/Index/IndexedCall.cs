using Gateway.Core.Audit.Reading;

namespace Gateway.Core.Audit.Index;

/// <summary>A call to put into the index.</summary>
internal readonly record struct IndexedCall(CallFacts Facts, CallLogLine Line);
