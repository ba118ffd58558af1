namespace Replication.Bert.Tokenization;

/// <summary>A token that is found in a text before it is split into words.</summary>
/// <param name="Text">How it is written.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsNormalized">Whether it is looked for in the normalised text, so that, where letters become lower case, any case is
/// found.</param>
/// <param name="IsWord">Whether it is found only where no letter, digit or underline touches it.</param>
/// <param name="IsPiece">Whether the vocabulary of pieces holds it too.</param>
internal sealed record AddedToken(string Text, int Id, bool IsNormalized = false, bool IsWord = false, bool IsPiece = false);
