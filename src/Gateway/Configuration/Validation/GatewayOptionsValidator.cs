namespace Gateway.Configuration;

/// <summary>Checks what the shape of the options cannot say: forms of texts, and what one key demands of another.</summary>
internal static class GatewayOptionsValidator
{
    /// <param name="options">Options with absolute paths.</param>
    /// <param name="errors">Where errors and warnings go.</param>
    /// <param name="now">For what has an end.</param>
    public static void Validate(GatewayOptions options, ConfigurationErrors errors, DateTimeOffset now)
    {
        ListenersValidator.Validate(options.Listeners, errors);
        IdentityValidator.Validate(options.Identity, errors, now);
        PossessionValidator.Validate(options, errors);
        UnixPeersValidator.Validate(options, errors);
        PolicyValidator.Validate(options.Policy, errors);
        AdminValidator.Validate(options.Admin, errors);
        TransactionTokensValidator.Validate(options.Tasks.TransactionTokens, options.Identity, errors);
        TasksValidator.Validate(options.Tasks, errors);
        AuditValidator.Validate(options.Audit, errors);
        ToolsValidator.Validate(options, errors);
        CredentialsValidator.Validate(options, errors, now);
        CallIndexValidator.Validate(options.Audit.Index, errors);
        VaultValidator.Validate(options, errors);
    }
}
