namespace Replication.Studies;

/// <summary>Which form of a method is run, where a paper and its authors' program differ.</summary>
public enum Fidelity
{
    /// <summary>What is recommended; a paper's README says of what it is mixed.</summary>
    Default,

    /// <summary>As the paper says.</summary>
    Paper,

    /// <summary>As the authors' program does.</summary>
    Official,

    /// <summary>The paper's formulas with the schedules that the README of the authors' program gives.</summary>
    Readme,

    /// <summary>As the authors' program does, with the larger of the searches that it offers.</summary>
    Grid,
}
