using Replication.Tests.Studies;

namespace Replication.PatientKD.Tests;

/// <summary>What is committed under results/ for this paper.</summary>
public sealed class CommittedResultsTests : CommittedResults<PatientKdPaper>;
