namespace Gateway.Demo;

/// <summary>What happens in the demo, in its order.</summary>
internal sealed class DemoScript(DemoSetup setup, DemoReport report)
{
    /// <returns>Whether everything went as it should.</returns>
    public async Task<bool> PlayAsync(CancellationToken cancellationToken)
    {
        report.Introduce(setup.Url);
        using var agent = await DemoAgent.StartTaskAsync(setup, cancellationToken);
        report.ShowStart(agent.Task);

        var asExpected = true;
        var credential = "";
        foreach (var (index, call) in DemoCalls.InTask.Index())
        {
            var outcome = await agent.SendAsync(call, cancellationToken);
            asExpected &= outcome.IsAsExpected(call);
            credential = outcome.Sighting?.Authorization ?? credential;
            report.Show(index + 1, call, outcome);
        }

        var receipt = new DemoReceipt(await agent.EndTaskAsync(cancellationToken), setup.AuditKey);

        // Past the gateway, as whoever had stolen it would.
        var status = await setup.Upstream.TryAsync(credential, cancellationToken);
        asExpected &= receipt.IsAsExpected(agent.Task) && status == StatusCodes.Status401Unauthorized;
        report.ShowEnd(agent.Task, receipt, status);

        var late = await agent.SendAsync(DemoCalls.AfterTask, cancellationToken);
        asExpected &= late.IsAsExpected(DemoCalls.AfterTask);
        report.Show(DemoCalls.InTask.Count + 1, DemoCalls.AfterTask, late);
        report.Conclude(asExpected);
        return asExpected;
    }
}
