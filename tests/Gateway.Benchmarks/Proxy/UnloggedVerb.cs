using Gateway.Core.Audit;
using Gateway.Core.Audit.UnderWay;
using Gateway.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Benchmarks.Proxy;

/// <summary>The gateway as it is, but for a journal that forgets: what is between the two is the cost of the call log.</summary>
internal static class UnloggedVerb
{
    public static async Task<int> RunAsync(string config)
    {
        var origin = new ConfigurationOrigin(Path.GetFullPath(config), []);
        var result = PlanLoader.Load(origin, thorough: true);
        if (result.Plan is not { } plan)
        {
            Console.Error.WriteLine(string.Join('\n', result.Errors));
            return 2;
        }

        await using WebApplication app = GatewayHost.Build(
            plan, origin, services: services => services.Replace(ServiceDescriptor.Singleton<ICallJournal, ForgetfulJournal>()));
        await app.RunAsync();
        return 0;
    }

    private sealed class ForgetfulJournal : ICallJournal
    {
        public bool IsAvailable => true;

        public bool TryAdmit() => true;

        public ValueTask<OpenCall> OpenAsync(CallRecord record, CancellationToken cancellationToken) => new(OpenCall.At(0));

        public void Record(CallRecord record, OpenCall open = default)
        {
        }

        public void Record(EntityEvent record)
        {
        }

        public void Record(AlertEvent record)
        {
        }

        public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
