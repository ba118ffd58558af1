using Replication.Tests.Studies;

namespace Replication.DynaBERT.Tests;

/// <summary>What is committed under results/ for this paper.</summary>
public sealed class CommittedResultsTests : CommittedResults<DynaBertPaper>;
