using System.Text;
using Gateway.Configuration;
using Gateway.Core.Policy;
using Gateway.Evaluation;
using Gateway.Hosting;
using Gateway.Tasks;

namespace Gateway.Admin;

/// <summary><c>/v1/policies</c>: of the gateway's own engine; a decision point elsewhere has interfaces of its own.</summary>
internal sealed class PoliciesApi(SnapshotSource snapshots, TimeProvider clock)
{
    private static readonly AdminProblem Elsewhere = AdminProblem.Conflict("Policy.Engine is not Cedar: the policies are the decision point's.");

    public async ValueTask<AdminProblem?> ListAsync(HttpContext context, AdminCaller caller)
    {
        var plan = snapshots.Current.Plan;
        if (plan.Options.Policy.Engine != PolicyEngineKind.Cedar)
        {
            return Elsewhere;
        }

        await JsonAnswer.WriteAsync(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("version", plan.Policies.Version);
                json.WriteString("mode", plan.Options.Policy.Mode == PolicyMode.Enforce ? "enforce" : "observe");
                json.WriteStartArray("policies");
                foreach (var policy in plan.Policies.Set.Policies)
                {
                    json.WriteStartObject();
                    json.WriteString("id", policy.Id);
                    json.WriteString("effect", policy.Effect == Cedar.Effect.Permit ? "permit" : "forbid");
                    json.WriteString("cedar", policy.ToCedar());
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            },
            context.RequestAborted);
        return null;
    }

    /// <summary>Takes what <c>gateway policy explain --request</c> takes, and answers what its <c>--json</c> prints.</summary>
    public async ValueTask<AdminProblem?> EvaluateAsync(HttpContext context, AdminCaller caller)
    {
        var plan = snapshots.Current.Plan;
        if (snapshots.Current.Policy is not CedarPolicyEngine engine)
        {
            return Elsewhere;
        }

        if (await BoundedBody.ReadAsync(context.Request.Body, BoundedBody.MaxRequestBytes, context.RequestAborted) is not { } body)
        {
            return AdminProblem.Malformed(BodyProblem.TooLarge);
        }

        if (EvaluationRequestReader.Read(Encoding.UTF8.GetString(body), plan.Options, clock.GetUtcNow(), out var problems) is not { } request)
        {
            return AdminProblem.Malformed(string.Join(" ", problems));
        }

        var explanation = PolicyExplanation.Create(request, engine.Trace(request));
        await JsonAnswer.WriteAsync(
            context.Response, json => PolicyExplanationWriter.Write(json, explanation, plan.Options.Policy.Mode == PolicyMode.Enforce), context.RequestAborted);
        return null;
    }
}
