namespace Replication.Glue.Race;

/// <summary>A part of RACE.</summary>
public enum RaceSplit
{
    /// <summary>Training set.</summary>
    Train,

    /// <summary>Development set.</summary>
    Dev,

    /// <summary>Test set; its answers are not hidden.</summary>
    Test,
}

/// <summary>Which school's examinations a passage comes from.</summary>
public enum RaceLevel
{
    /// <summary>Middle school: RACE-M.</summary>
    Middle,

    /// <summary>High school: RACE-H.</summary>
    High,
}

/// <summary>A question on a passage, with four options.</summary>
/// <param name="Place">Where it was read, for messages.</param>
/// <param name="File">The passage's file below RACE's root, such as dev/middle/1.txt.</param>
/// <param name="Number">The question's number among those of its passage, from 0.</param>
/// <param name="Level">The school.</param>
/// <param name="Article">The passage.</param>
/// <param name="Question">The question, or a sentence with a blank, written "_".</param>
/// <param name="Options">The options A to D.</param>
/// <param name="Answer">The right option, from 0.</param>
public sealed record RaceQuestion(
    string Place, string File, int Number, RaceLevel Level, string Article, string Question, IReadOnlyList<string> Options, int Answer)
{
    /// <summary>Options of a question.</summary>
    public const int Choices = 4;

    private const string Blank = "_";

    /// <summary>The second text of a choice.</summary>
    public string WithOption(int choice) => WithOption(Question, Options[choice]);

    /// <summary>The question with every blank replaced by an option, or, where it has none, with the option after it.</summary>
    public static string WithOption(string question, string option) =>
        question.Contains(Blank, StringComparison.Ordinal)
            ? question.Replace(Blank, option, StringComparison.Ordinal)
            : $"{question} {option}";
}

/// <summary>A split of RACE in memory.</summary>
/// <param name="Split">The split.</param>
/// <param name="Questions">Its questions in the order of their files' names.</param>
/// <param name="Sha256">Digest of their content.</param>
/// <param name="Source">Where it was read from, for people.</param>
public sealed record RaceDataset(RaceSplit Split, IReadOnlyList<RaceQuestion> Questions, string Sha256, string Source)
{
    /// <summary>
    /// How it differs from what the authors hand out, in one sentence; null where it does not, or where that is not known.
    /// </summary>
    public string? Warning { get; init; }
}
