namespace Gateway.Cedar;

/// <summary>The question: may the principal do the action to the resource, in this context?</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="Resource">What it is done to.</param>
/// <param name="Context">What else is known of the request.</param>
public readonly record struct CedarRequest(EntityUid Principal, EntityUid Action, EntityUid Resource, CedarRecord Context);
