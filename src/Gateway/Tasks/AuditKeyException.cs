namespace Gateway.Tasks;

/// <summary>There is no audit key that can be used. The message begins with where it stands and holds nothing of it.</summary>
internal sealed class AuditKeyException(string message, Exception innerException) : Exception(message, innerException);
