using System.Runtime.InteropServices;

namespace Gateway.Core.Audit.Reading;

/// <summary>Where a line of the call log is.</summary>
/// <param name="Segment">The first sequence number in its segment's name.</param>
/// <param name="Offset">Bytes before it in the segment.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallPlace(long Segment, long Offset);
