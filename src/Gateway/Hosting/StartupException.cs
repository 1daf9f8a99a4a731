namespace Gateway.Hosting;

/// <summary>Why the gateway cannot start, known where it is thrown to be about one setting.</summary>
/// <param name="key">The setting, such as <c>Gateway:DataDirectory</c>.</param>
/// <param name="message">For the operator: what is wrong, and what to do or write instead.</param>
/// <param name="innerException">What it was found by.</param>
internal sealed class StartupException(string key, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public string Key => key;
}
