namespace Gateway.Admin;

/// <summary>Who uses the admin API, for the log.</summary>
/// <param name="Name">The operator's id, <c>&lt;issuer name&gt;:&lt;subject&gt;</c>, or "admin-token".</param>
/// <param name="Role">What they may do.</param>
internal sealed record AdminCaller(string Name, AdminRole Role);
