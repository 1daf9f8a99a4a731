namespace Gateway.Core.Audit.Delivery;

/// <summary>How far the call log has been delivered; what was not must not be deleted.</summary>
internal interface ISinkCursors
{
    /// <summary>The last record that every sink has had; 0 where one has had none, null where there is no sink.</summary>
    long? Lowest { get; }
}
