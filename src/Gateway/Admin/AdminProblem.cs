using Gateway.Tasks;

namespace Gateway.Admin;

/// <summary>What the admin API answers where it does not do what was asked (RFC 9457).</summary>
internal sealed record AdminProblem(int Status, string Reason, string Title, string Detail)
{
    public static readonly AdminProblem Unauthorized = new(
        StatusCodes.Status401Unauthorized, "identity_invalid", "No operator could be told", "Send an operator's token as 'Authorization: Bearer <token>'.");

    public static AdminProblem Forbidden(AdminRole needed) => new(
        StatusCodes.Status403Forbidden, "role_missing", "The role does not allow this", $"This takes the role '{(needed == AdminRole.Admin ? "admin" : needed == AdminRole.Operator ? "operator" : "viewer")}'.");

    public static AdminProblem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "request_malformed", "The request is malformed", detail);

    public static AdminProblem Malformed(BodyProblem? body) => body is { IsTooLarge: true }
        ? new(StatusCodes.Status413PayloadTooLarge, "request_too_large", "The request is too large", body.Detail)
        : Malformed(body?.Detail ?? "The body cannot be read.");

    public static AdminProblem NotFound(string detail) => new(StatusCodes.Status404NotFound, "not_found", "There is no such thing", detail);

    public static AdminProblem Conflict(string detail) => new(StatusCodes.Status409Conflict, "conflict", "It is not in a state for this", detail);

    public static AdminProblem RateLimited(string detail) => new(StatusCodes.Status429TooManyRequests, "rate_limited", "This was asked for too often", detail);

    /// <param name="detail">What was done all the same, and what not.</param>
    public static AdminProblem StateUnavailable(string detail) => new(
        StatusCodes.Status503ServiceUnavailable, "state_unavailable", "The gateway's state cannot be written", detail);

    public static AdminProblem AuditUnavailable(string detail) => new(
        StatusCodes.Status503ServiceUnavailable, "audit_unavailable", "Nothing can be signed now", detail);

    public static AdminProblem IndexUnavailable(string detail) => new(
        StatusCodes.Status503ServiceUnavailable, "index_unavailable", "Calls cannot be looked for now", detail);

    public ValueTask WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer realm=\"gateway-admin\"";
        }
        else if (Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            response.Headers.RetryAfter = Status == StatusCodes.Status429TooManyRequests ? "60" : "1";
        }

        return JsonAnswer.WriteAsync(
            response,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("type", $"urn:gateway:problem:{Reason}");
                json.WriteString("title", Title);
                json.WriteNumber("status", Status);
                json.WriteString("detail", Detail);
                json.WriteString("reason", Reason);
                json.WriteEndObject();
            },
            context.RequestAborted);
    }
}
