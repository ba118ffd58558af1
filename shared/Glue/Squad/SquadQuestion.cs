namespace Replication.Glue.Squad;

/// <summary>A version of SQuAD, which decides the rules of its scores.</summary>
public enum SquadVersion
{
    /// <summary>SQuAD 1.1: every question has an answer in its passage.</summary>
    V1,

    /// <summary>SQuAD 2.0: some questions have none.</summary>
    V2,
}

/// <summary>What follows from a version.</summary>
public static class SquadVersions
{
    /// <summary>How its answers are searched for: in 2.0 there may be none.</summary>
    public static AnswerSearch Search(this SquadVersion version) => new(NullThreshold: version == SquadVersion.V2 ? 0 : null);
}

/// <summary>A part of SQuAD.</summary>
public enum SquadSplit
{
    /// <summary>Training set.</summary>
    Train,

    /// <summary>Development set; the test set is kept by the authors.</summary>
    Dev,
}

/// <summary>An answer.</summary>
/// <param name="Text">A piece of the passage.</param>
/// <param name="Start">Where it begins in the passage, in code points; null where the file does not say.</param>
public sealed record SquadAnswer(string Text, int? Start);

/// <summary>A question on a passage.</summary>
/// <param name="Place">Where it was read, for messages.</param>
/// <param name="Id">Its id.</param>
/// <param name="Title">The article; empty where the file does not say.</param>
/// <param name="Context">The passage.</param>
/// <param name="Question">The question.</param>
/// <param name="Answers">Its answers, each of which is right; none for a question that the passage does not answer, or whose answers are
/// not known.</param>
public sealed record SquadQuestion(
    string Place, string Id, string Title, string Context, string Question, IReadOnlyList<SquadAnswer> Answers);

/// <summary>Questions in memory.</summary>
/// <param name="Version">The version.</param>
/// <param name="Questions">In the order of the file; those on one passage share its string.</param>
/// <param name="Sha256">Digest of their content.</param>
/// <param name="Source">Where they were read from, for people.</param>
public sealed record SquadDataset(SquadVersion Version, IReadOnlyList<SquadQuestion> Questions, string Sha256, string Source)
{
    /// <summary>How it differs from what the authors hand out, in one sentence; null where it does not.</summary>
    public string? Warning { get; init; }
}
