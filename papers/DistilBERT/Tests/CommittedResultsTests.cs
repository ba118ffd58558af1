using Replication.Tests.Studies;

namespace Replication.DistilBERT.Tests;

/// <summary>What is committed under results/ for this paper.</summary>
public sealed class CommittedResultsTests : CommittedResults<DistilBertPaper>;
