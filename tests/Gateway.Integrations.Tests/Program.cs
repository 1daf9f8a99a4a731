using Gateway.Integrations.Tests.Crash;

// The runner's own entry point, with two verbs more.
if (args is [LeaseHarness.Verb, var dataDirectory, var issuer])
{
    await LeaseHarness.WorkUntilKilledAsync(dataDirectory, new Uri(issuer));
    return 0;
}

if (args is [JournalHarness.Verb, var auditDirectory, var key])
{
    await JournalHarness.WorkUntilKilledAsync(auditDirectory, key);
    return 0;
}

return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
