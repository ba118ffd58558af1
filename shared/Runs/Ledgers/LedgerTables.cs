namespace Replication.Runs;

/// <summary>
/// The tables beside runs.jsonl.gz, each row with the key of its run; read when somebody asks. Rows of a run that the ledger has not are
/// passed over.
/// </summary>
internal sealed class LedgerTables(string folder)
{
    private const string CurvesFile = "curves.parquet", ArraysFile = "arrays.parquet", PredictionsFile = "predictions.parquet";

    // The label of the one row of a long sample.
    private const string Sample = "sample";

    private readonly Lazy<ILookup<string, CurvePoint>> _curves = new(() => ReadCurves(Path.Combine(folder, CurvesFile)));
    private readonly Lazy<ILookup<string, RunArray>> _arrays = new(() => ReadArrays(Path.Combine(folder, ArraysFile)));
    private readonly Lazy<ILookup<string, RowPrediction>> _predictions = new(() => ReadPredictions(Path.Combine(folder, PredictionsFile)));

    /// <summary>A run's samples that are too long for its line.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<double>>> LongSamples(string key) =>
        _arrays.Value[key].Where(array => array.Labels is [Sample])
            .Select(array => KeyValuePair.Create(array.Name, (IReadOnlyList<double>)array.Rows[0]));

    /// <summary>What a run has in them.</summary>
    public IRunDetails Of(string key) => new Details(this, key);

    /// <summary>The files' bytes for some runs in the order of their keys; null for a table without a row.</summary>
    public static IReadOnlyDictionary<string, byte[]?> Write(IReadOnlyList<FinishedRun> runs)
    {
        var curves = Rows(runs, run => run.Curves);
        var arrays = Rows(
            runs, run => run.Arrays.Concat(Long(run.Result.Samples))
            .OrderBy(array => array.Name, StringComparer.Ordinal).SelectMany(Cells));
        // Rows of the training set say nothing of how a score would be on others.
        var predictions = Rows(runs, run => run.Predictions.Where(row => row.Split.StartsWith("dev", StringComparison.Ordinal)));
        return new Dictionary<string, byte[]?>
        {
            [CurvesFile] = curves.Count == 0 ? null : ParquetTable.Write(
                Keys(curves), ("split", Column(curves, p => p.Split)), ("name", Column(curves, p => p.Name)),
                ("step", Column(curves, p => p.Step)), ("value", Column(curves, p => p.Value))),
            [ArraysFile] = arrays.Count == 0 ? null : ParquetTable.Write(
                Keys(arrays), ("name", Column(arrays, c => c.Name)), ("row", Column(arrays, c => c.Row)),
                ("column", Column(arrays, c => c.Column)),
                ("label", Column(arrays, c => c.Label)), ("value", Column(arrays, c => c.Value))),
            [PredictionsFile] = predictions.Count == 0 ? null : ParquetTable.Write(
                Keys(predictions), ("split", Column(predictions, p => p.Split)), ("row", Column(predictions, p => p.Row)),
                ("label", Column(predictions, p => p.Label)), ("prediction", Column(predictions, p => p.Prediction))),
        };
    }

    private static List<(string Key, T Row)> Rows<T>(IReadOnlyList<FinishedRun> runs, Func<FinishedRun, IEnumerable<T>> rows) =>
        [.. runs.SelectMany(run => rows(run).Select(row => (run.Manifest.Key, row)))];

    private static (string Name, Array Values) Keys<T>(List<(string Key, T Row)> rows) => ("run", rows.Select(row => row.Key).ToArray());

    private static TValue[] Column<T, TValue>(List<(string Key, T Row)> rows, Func<T, TValue> value) =>
        [.. rows.Select(row => value(row.Row))];

    private static IEnumerable<RunArray> Long(IReadOnlyDictionary<string, IReadOnlyList<double>> samples) =>
        samples.Where(sample => sample.Value.Count > LedgerLine.LongestSample)
            .Select(sample => new RunArray(sample.Key, [Sample], [[.. sample.Value]]));

    private static IEnumerable<Cell> Cells(RunArray array) =>
        array.Rows.SelectMany(
            (row, number) => row.Select((value, column) => new Cell(array.Name, number, column, array.Labels[number], value)));

    private static ILookup<string, CurvePoint> ReadCurves(string path)
    {
        var columns = ParquetTable.Read(path, ("run", typeof(
            string)), ("split", typeof(string)), ("name", typeof(string)), ("step", typeof(int)), ("value", typeof(double)));
        var (runs, splits, names, steps, values) =
            ((string[])columns[0], (string[])columns[1], (string[])columns[2], (int[])columns[3], (double[])columns[4]);
        return Enumerable.Range(0, runs.Length)
            .ToLookup(i => runs[i], i => new CurvePoint(splits[i], names[i], steps[i], values[i]), StringComparer.Ordinal);
    }

    private static ILookup<string, RowPrediction> ReadPredictions(string path)
    {
        var columns = ParquetTable.Read(
            path, ("run", typeof(string)), ("split", typeof(string)), ("row", typeof(int)), ("label", typeof(float?)),
            ("prediction", typeof(float)));
        var (runs, splits, rows, labels, predictions) =
            ((string[])columns[0], (string[])columns[1], (int[])columns[2], (float?[])columns[3], (float[])columns[4]);
        return Enumerable.Range(0, runs.Length)
            .ToLookup(i => runs[i], i => new RowPrediction(splits[i], rows[i], labels[i], predictions[i]), StringComparer.Ordinal);
    }

    private static ILookup<string, RunArray> ReadArrays(string path)
    {
        var columns = ParquetTable.Read(
            path, ("run", typeof(string)), ("name", typeof(string)), ("row", typeof(int)), ("column", typeof(int)),
            ("label", typeof(string)), ("value", typeof(double)));
        var (runs, names, rows, places, labels, values) =
            ((string[])columns[0], (string[])columns[1], (int[])columns[2], (int[])columns[3], (string[])columns[4], (double[])columns[5]);
        return Enumerable.Range(0, runs.Length)
            .Select(i => (Run: runs[i], Cell: new Cell(names[i], rows[i], places[i], labels[i], values[i])))
            .GroupBy(cell => (cell.Run, cell.Cell.Name))
            .ToLookup(cells => cells.Key.Run, cells => Array(cells.Key.Name, cells.Select(c => c.Cell)), StringComparer.Ordinal);
    }

    private static RunArray Array(string name, IEnumerable<Cell> cells)
    {
        var rows = cells.GroupBy(cell => cell.Row).OrderBy(row => row.Key).ToList();
        return new RunArray(
            name, [.. rows.Select(row => row.First().Label)],
            [.. rows.Select(row => row.OrderBy(cell => cell.Column).Select(cell => cell.Value).ToArray())]);
    }

    private readonly record struct Cell(string Name, int Row, int Column, string Label, double Value);

    private sealed class Details(LedgerTables tables, string key) : IRunDetails
    {
        public IReadOnlyList<CurvePoint> Curves => [.. tables._curves.Value[key]];

        public IReadOnlyList<RunArray> Arrays => [.. tables._arrays.Value[key].Where(array => array.Labels is not [Sample])];

        public IReadOnlyList<RowPrediction> Predictions => [.. tables._predictions.Value[key]];

        public void Verify(FinishedRun run)
        {
            // A ledger is checked as a whole, when it is read.
        }
    }
}
