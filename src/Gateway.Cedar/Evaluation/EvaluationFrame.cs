namespace Gateway.Cedar.Evaluation;

/// <summary>One decision's data, on the stack.</summary>
internal readonly ref struct EvaluationFrame
{
    private readonly IEntitySource _entities;

    public EvaluationFrame(in CedarRequest request, IEntitySource entities)
    {
        _entities = entities;
        Principal = request.Principal;
        Action = request.Action;
        Resource = request.Resource;
        Context = request.Context;
        PrincipalEntity = entities.Find(Principal);
        ActionEntity = entities.Find(Action);
        ResourceEntity = entities.Find(Resource);
    }

    public EntityUid Principal { get; }

    public EntityUid Action { get; }

    public EntityUid Resource { get; }

    public CedarRecord Context { get; }

    public Entity? PrincipalEntity { get; }

    public Entity? ActionEntity { get; }

    public Entity? ResourceEntity { get; }

    public Entity? Find(EntityUid uid)
    {
        if (ReferenceEquals(uid, Principal))
        {
            return PrincipalEntity;
        }

        return ReferenceEquals(uid, Resource) ? ResourceEntity : _entities.Find(uid);
    }

    public bool IsIn(EntityUid uid, EntityUid target) => uid.Equals(target) || (Find(uid)?.IsIn(target) ?? false);
}
