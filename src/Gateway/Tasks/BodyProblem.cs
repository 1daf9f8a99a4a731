namespace Gateway.Tasks;

/// <summary>Why a request's body is not read.</summary>
/// <param name="IsTooLarge">Whether nothing but its size is known of it.</param>
/// <param name="Detail">One sentence for whoever sent it.</param>
internal sealed record BodyProblem(bool IsTooLarge, string Detail)
{
    public static readonly BodyProblem TooLarge = new(true, $"The body is larger than {BoundedBody.MaxRequestBytes / 1024} KiB.");
}
