namespace Replication.Bert;

/// <summary>What a model does with its encoder's states, by the class in config.json.</summary>
public enum ModelHead
{
    /// <summary>Not told, or an encoder alone.</summary>
    None,

    /// <summary>Classes or a score of a text or pair.</summary>
    SequenceClassification,

    /// <summary>The words at masked places.</summary>
    MaskedLM,

    /// <summary>Start and end of an answer in a passage.</summary>
    QuestionAnswering,

    /// <summary>The right one of several options.</summary>
    MultipleChoice,
}
