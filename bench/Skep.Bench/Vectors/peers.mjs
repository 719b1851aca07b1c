// Measures a peer from npm on the benchmark's files, one thread, and prints one JSON object a line.
// usage: node peers.mjs PEER ROWS QUERIES TRUTH DIMENSION METRIC EFS ENOUGH QUERIES_USED   (run in a folder with node_modules)
import { createRequire } from 'node:module';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [peer, rowsFile, queriesFile, truthFile, dimensionText, metric, efText, enoughText, usedText] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const dimension = Number(dimensionText), efs = efText.split(',').map(Number), enough = Number(enoughText), K = 10;
const floats = (file) => { const b = readFileSync(file); return new Float32Array(b.buffer, b.byteOffset, b.length / 4); };
const rows = floats(rowsFile), queries = floats(queriesFile);
const truthBytes = readFileSync(truthFile), truth = new Int32Array(truthBytes.buffer, truthBytes.byteOffset, truthBytes.length / 4);
const count = rows.length / dimension, used = Math.min(Number(usedText), queries.length / dimension);
const say = (o) => console.log(JSON.stringify(o));
const now = () => Number(process.hrtime.bigint()) / 1e9;

// The fastest of three passes over the queries; recall of the last.
function measure(ef, search, nearest) {
  let best = null;
  for (let pass = 0; pass < 3; pass++) {
    const times = new Float64Array(used);
    let hits = 0;
    const began = now();
    for (let q = 0; q < used; q++) {
      const at = now();
      const found = search(q);
      times[q] = now() - at;
      for (let i = 0; i < found.length; i++) for (let j = 0; j < K; j++) if (Number(found[i]) === nearest[q * K + j]) { hits++; break; }
    }
    const seconds = now() - began;
    times.sort();
    const point = { ef, recall: hits / (used * K), qps: used / seconds, p50: times[used >> 1], p99: times[Math.floor(used * 0.99)] };
    if (!best || point.qps > best.qps) best = point;
  }
  say(best);
  return best.recall;
}

if (peer === 'hnswlib') {
  const { HierarchicalNSW } = require('hnswlib-node');
  const index = new HierarchicalNSW(metric, dimension);
  index.initIndex({ maxElements: count, m: 16, efConstruction: 200, randomSeed: 100 });
  const arrays = Array.from({ length: count }, (_, i) => Array.from(rows.subarray(i * dimension, (i + 1) * dimension)));
  const asked = Array.from({ length: used }, (_, i) => Array.from(queries.subarray(i * dimension, (i + 1) * dimension)));
  const began = now();
  for (let i = 0; i < count; i++) index.addPoint(arrays[i], i);
  say({ build: now() - began });
  for (const ef of efs) {
    index.setEf(ef);
    if (measure(ef, (q) => index.searchKnn(asked[q], K).neighbors, truth) > enough) break;
  }
  // Filters by the callback: every tenth and every hundredth row. Fewer queries: they take long.
  for (const every of [10, 100]) {
    const few = Math.min(used, 200), nearest = [];
    for (let q = 0; q < few; q++) {
      const scored = [];
      for (let i = 0; i < count; i += every) {
        let s = 0;
        for (let d = 0; d < dimension; d++) {
          const a = rows[i * dimension + d], b = queries[q * dimension + d];
          s += metric === 'l2' ? (a - b) * (a - b) : -a * b;
        }
        scored.push([s, i]);
      }
      scored.sort((a, b) => a[0] - b[0]);
      nearest.push(new Set(scored.slice(0, K).map((x) => x[1])));
    }
    for (const ef of [16, 32, 64, 100, 200, 400]) {
      index.setEf(ef);
      let hits = 0;
      const start = now();
      for (let q = 0; q < few; q++) for (const n of index.searchKnn(asked[q], K, (label) => label % every === 0).neighbors) if (nearest[q].has(n)) hits++;
      const recall = hits / (few * K);
      say({ filter: every, ef, recall, qps: few / (now() - start) });
      if (recall >= 0.99) break;
    }
  }
} else if (peer === 'usearch') {
  const { Index, MetricKind, ScalarKind } = require('usearch');
  const kind = metric === 'l2' ? MetricKind.L2sq : MetricKind.Cos;
  const make = (ef) => new Index({ dimensions: dimension, metric: kind, quantization: ScalarKind.F32, connectivity: 16, expansion_add: 200, expansion_search: ef, multi: false });
  const index = make(64), file = join(tmpdir(), `skep-bench-${process.pid}.usearch`);
  const began = now();
  for (let i = 0; i < count; i++) index.add(BigInt(i), rows.subarray(i * dimension, (i + 1) * dimension));
  say({ build: now() - began });
  index.save(file);
  try {
    let last = -1;
    for (const ef of efs) {
      const loaded = make(ef);
      loaded.load(file);
      const recall = measure(ef, (q) => loaded.search(queries.subarray(q * dimension, (q + 1) * dimension), K, 1).keys, truth);
      if (recall > enough) break;
      if (ef > 64 && recall === last) { say({ stuck: true }); break; }
      last = recall;
    }
  } finally { rmSync(file, { force: true }); }
} else throw new Error(`unknown peer ${peer}`);
