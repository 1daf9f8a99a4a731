namespace Gateway.Core.Identity;

/// <summary>That a Kubernetes cluster is asked about each token, and how often.</summary>
/// <param name="Cache">How long its word for a token counts; zero asks for every call.</param>
/// <param name="Timeout">How long a question may take.</param>
internal sealed record TokenReviewRules(TimeSpan Cache, TimeSpan Timeout);
