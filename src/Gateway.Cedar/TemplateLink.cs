namespace Gateway.Cedar;

/// <summary>Makes a policy from a template.</summary>
/// <param name="TemplateId">The template.</param>
/// <param name="PolicyId">The new policy's id.</param>
/// <param name="Principal">What fills <c>?principal</c>; null where the template has no such slot.</param>
/// <param name="Resource">What fills <c>?resource</c>; null where the template has no such slot.</param>
public sealed record TemplateLink(string TemplateId, string PolicyId, EntityUid? Principal = null, EntityUid? Resource = null);
