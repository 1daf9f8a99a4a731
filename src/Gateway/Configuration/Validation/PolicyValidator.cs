namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Policy</c>; what is in the files is the policy engine's to check.</summary>
internal static class PolicyValidator
{
    private const string Key = "Gateway:Policy:Directory";

    public static void Validate(PolicyOptions options, ConfigurationErrors errors)
    {
        if (options.Mode == PolicyMode.Observe)
        {
            errors.Warn("Gateway:Policy:Mode", "is Observe: calls that policy denies are made all the same, with the credential. Write Enforce once the policies have been tried out.");
        }

        DecisionPointValidator.Validate(options, errors);
        if (options.Engine == PolicyEngineKind.Cedar)
        {
            ValidateDirectory(options, errors);
        }
    }

    private static void ValidateDirectory(PolicyOptions options, ConfigurationErrors errors)
    {
        if (!Directory.Exists(options.Directory))
        {
            errors.Add(Key, "names a directory that does not exist: create it, or write another, relative to the configuration file.");
            return;
        }

        try
        {
            if (!Directory.EnumerateFiles(options.Directory, "*.cedar").Any())
            {
                errors.Warn(Key, "has no *.cedar file in it: without a policy every call is denied.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(Key, "names a directory that cannot be read: let this user read it.");
        }
    }
}
