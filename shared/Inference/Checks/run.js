// Runs an exported folder (classifier, question answering, multiple choice) in ONNX Runtime for node.
// Usage: node run.js FOLDER text          prints a line that .NET is to be asked
//        node run.js FOLDER NETS_ANSWER   compares its answer with node's
const fs = require('fs');
const path = require('path');

const tolerance = 1e-3;
const [folder, asked] = process.argv.slice(2);
const vocabulary = fs.readFileSync(path.join(folder, 'vocab.txt'), 'utf8').split(/\r?\n/);
// Words that the vocabulary holds whole need no tokenizer.
const words = vocabulary.filter(word => /^[a-z]{1,8}$/.test(word)).slice(0, 4);
if (words.length < 4) {
  console.error(`error: ${folder}/vocab.txt has no four whole words.`);
  process.exit(1);
}
const head = (JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8')).architectures || [''])[0];
const kind = ['QuestionAnswering', 'MultipleChoice'].find(name => head.endsWith('For' + name)) || 'Classification';
const [a, b, c, d] = words;
const texts = {
  QuestionAnswering: [[[a, b], [c, d, a]]], MultipleChoice: [[[a, b], [c, d]], [[a, b], [c, a]]], Classification: [[[a, b, c, d]]],
}[kind];
const line = {
  QuestionAnswering: `${a} ${b}\t${c} ${d} ${a}`, MultipleChoice: `${a} ${b}\t${c}\t${d}\t${a}`, Classification: words.join(' '),
}[kind];

function encode(text) {
  const [first, second] = text.map(part => [...part, '[SEP]'].map(word => vocabulary.indexOf(word)));
  const ids = [vocabulary.indexOf('[CLS]'), ...first, ...(second || [])];
  return { ids, types: ids.map((_, i) => (i <= first.length ? 0 : 1)) };
}

async function run(session, { ids, types }) {
  const ort = require('onnxruntime-node');
  const tensor = values => new ort.Tensor('int64', BigInt64Array.from(values.map(BigInt)), [1, values.length]);
  const filled = { input_ids: ids, attention_mask: ids.map(() => 1), token_type_ids: types };
  return session.run(Object.fromEntries(session.inputNames.map(name => [name, tensor(filled[name])])));
}

function softmax(values) {
  const highest = Math.max(...values);
  const weights = values.map(value => Math.exp(value - highest));
  return weights.map(weight => weight / weights.reduce((sum, x) => sum + x, 0));
}

// The probability of the most probable class, or the score; the sum of logits of the best answer; each option's probability.
async function answer() {
  const session = await require('onnxruntime-node').InferenceSession.create(path.join(folder, 'model.onnx'));
  const outputs = [];
  for (const text of texts) outputs.push(await run(session, encode(text)));
  if (kind === 'MultipleChoice') return softmax(outputs.map(output => output.logits.data[0]));
  if (kind === 'Classification') {
    const values = Array.from(outputs[0].logits.data);
    return values.length === 1 ? values : [Math.max(...softmax(values))];
  }
  const { start_logits: starts, end_logits: ends } = outputs[0];
  const passage = encode(texts[0]).types.flatMap((type, i) => (type === 1 ? [i] : [])).slice(0, -1);
  return [Math.max(...passage.flatMap(i => passage.filter(j => j >= i).map(j => starts.data[i] + ends.data[j])))];
}

// What .NET printed: JSON for answers and options, else a label with its probability behind it, or a score alone.
function numbers(text) {
  if (text.startsWith('{')) {
    const { best, probabilities } = JSON.parse(text);
    return best ? [best[0].score] : probabilities;
  }
  const fields = text.split('\t');
  return (fields.length === 1 ? fields : fields.slice(1)).map(Number);
}

(async () => {
  if (asked === 'text') {
    console.log(line);
    return;
  }
  const [node, net] = [await answer(), numbers(asked)];
  const shown = values => values.map(value => value.toFixed(4)).join(' ');
  console.log(`${kind}: node ${shown(node)}, .NET ${shown(net)}`);
  if (node.length !== net.length || node.some((value, i) => !(Math.abs(value - net[i]) <= tolerance))) {
    console.error('error: node and .NET do not agree.');
    process.exit(1);
  }
})();
