namespace Replication.Claims;

/// <summary>What a verdict means for a test of the claim.</summary>
public enum Standing
{
    /// <summary>The claim holds.</summary>
    Passes,

    /// <summary>It does not hold, and the claim's rule lists that as a finding.</summary>
    Warns,

    /// <summary>It does not hold, and nothing explains it.</summary>
    Fails,

    /// <summary>Nothing was shown either way; never a pass.</summary>
    Skipped,
}

/// <summary>From verdicts to standings.</summary>
public static class Standings
{
    /// <summary>
    /// Reproduced, agreeing and (for scores) above pass; below, disagreeing, no difference that matters and (for
    /// speeds and agreements) above fail unless the claim lists a finding; all others are skipped.
    /// </summary>
    public static Standing Of(ClaimOutcome outcome) => outcome.Verdict switch
    {
        Verdict.Reproduced or Verdict.AgreesAtSmallScale => Standing.Passes,
        Verdict.Above when outcome.Claim.Kind == ClaimKind.Score => Standing.Passes,
        Verdict.Above or Verdict.Below or Verdict.DisagreesAtSmallScale or Verdict.NoDifferenceThatMatters =>
             outcome.Claim.Finding is null ? Standing.Fails : Standing.Warns,
        _ => Standing.Skipped,
    };
}
