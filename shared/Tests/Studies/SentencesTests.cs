using Replication.Studies;

namespace Replication.Tests.Studies;

[TestFixture]
public sealed class SentencesTests
{
    private static readonly ExperimentRequest Own = new() { Profile = Profile.Paper };

    [Test]
    public void Teacher_ThePapersOwn_IsNoDeviation() => Assert.That(Sentences.Teacher(Own, "bert-base-uncased"), Is.Null);

    [TestCase(Profile.Small, null)]
    [TestCase(Profile.Paper, "minilm-l6")]
    public void Teacher_AnotherOne_IsNamedWithItsDepth(Profile profile, string? named) => Assert.That(
        Sentences.Teacher(new ExperimentRequest { Profile = profile, Teacher = named }, "minilm-l6", "; so are students"),
        Is.EqualTo("The teacher is minilm-l6 with 6 layers where the paper has BERT-base with 12; so are students."));

    [Test]
    public void Scores_OfAnotherTeacher_CannotBeCompared()
    {
        Assert.That(Sentences.Scores(Own, "They can.", "sizes"), Is.EqualTo("They can."));
        Assert.That(Sentences.Scores(new ExperimentRequest { Profile = Profile.Quick }, "They can.", "sizes"),
            Is.EqualTo("Scores cannot be compared with the paper's, whose teacher is larger; sizes can."));
    }

    [TestCase(5e-5, "5e-5")]
    [TestCase(1e-4, "1e-4")]
    [TestCase(2.5e-4, "2.5e-4")]
    public void Rate_OfARecipe_IsWrittenAsPapersDo(double rate, string text) => Assert.That(Sentences.Rate(rate), Is.EqualTo(text));

    [Test]
    public void Deviation_OfLimitedRows_NamesTheLargeTasks()
    {
        Assert.That(RowLimit.OfLargeTasks(8000).Deviation("The teachers of "),
            Is.EqualTo("The teachers of SST-2, QQP, MNLI and QNLI are trained on their first 8000 rows."));
        Assert.That(RowLimit.None.Deviation(), Is.Null);
    }
}
