namespace Gateway.Admin;

/// <summary>Does what an operator asks.</summary>
/// <returns>Null where it was done and answered.</returns>
internal delegate ValueTask<AdminProblem?> AdminHandler(HttpContext context, AdminCaller caller);
