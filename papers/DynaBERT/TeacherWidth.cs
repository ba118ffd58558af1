namespace Replication.DynaBERT;

/// <summary>Which width of the teacher a sub-network learns from.</summary>
public enum TeacherWidth
{
    /// <summary>The paper's stage 2: the fixed DynaBERT_W at the student's own width.</summary>
    SameAsStudent,

    /// <summary>The whole teacher: stage 1, and stage 2 of the authors' code, which forgets to set the teacher's width.</summary>
    Full,
}
