// Runs an exported classifier in ONNX Runtime for node and prints the probability of its most probable class, or its score.
// Usage: node run.js MODEL.onnx 101,2023,2003,102
const ort = require('onnxruntime-node');

(async () => {
  const session = await ort.InferenceSession.create(process.argv[2]);
  const ids = process.argv[3].split(',').map(BigInt);
  const tensor = values => new ort.Tensor('int64', BigInt64Array.from(values), [1, values.length]);
  const filled = { input_ids: ids, attention_mask: ids.map(() => 1n), token_type_ids: ids.map(() => 0n) };
  const { logits } = await session.run(Object.fromEntries(session.inputNames.map(name => [name, tensor(filled[name])])));
  const values = Array.from(logits.data);
  const highest = Math.max(...values);
  console.log(values.length === 1 ? values[0].toFixed(3) : (1 / values.reduce((sum, x) => sum + Math.exp(x - highest), 0)).toFixed(4));
})();
