// Measures a peer from npm on the benchmark's files, on one thread and then on more, and prints one JSON object a line.
// usage: node peers.mjs PEER ROWS QUERIES TRUTH DIMENSION METRIC EFS ENOUGH QUERIES_USED THREADS RECALLS   (run in a folder with node_modules)
import { rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filtered } from './peers-filters.mjs';
import { kindOf } from './peers-kinds.mjs';
import { floats, K, now, recallOf, truthOf } from './peers-data.mjs';
import { several } from './peers-workers.mjs';

const [peer, rowsFile, queriesFile, truthFile, dimensionText, metric, efText, enoughText, usedText, threadText, recallText] = process.argv.slice(2);
const dimension = Number(dimensionText), efs = efText.split(',').map(Number), enough = Number(enoughText);
const rows = floats(rowsFile), queries = floats(queriesFile), truth = truthOf(truthFile);
const count = rows.length / dimension, used = Math.min(Number(usedText), queries.length / dimension);
const kind = kindOf(peer, metric, dimension);
const say = (o) => console.log(JSON.stringify(o));

// The fastest of three passes over the queries, one thread.
function measure(ef, search) {
  let best = null;
  for (let pass = 0; pass < 3; pass++) {
    const times = new Float64Array(used), found = new Array(used);
    const began = now();
    for (let q = 0; q < used; q++) {
      const at = now();
      found[q] = search(q);
      times[q] = now() - at;
    }
    const seconds = now() - began;
    times.sort();
    const point = { ef, recall: recallOf(found, truth), qps: used / seconds, p50: times[used >> 1], p99: times[Math.floor(used * 0.99)] };
    if (!best || point.qps > best.qps) best = point;
  }
  say(best);
  return best;
}

// The settings below and above each recall: between them lies the speed that is asked for, so that on more threads no others are measured.
function around(points, recalls) {
  const wanted = new Set();
  for (const recall of recalls) {
    const above = points.find((p) => p.recall >= recall);
    const below = above && points.findLast((p) => p.recall < recall && p.ef < above.ef);
    for (const point of [below, above]) if (point) wanted.add(point.ef);
  }
  return [...wanted].sort((a, b) => a - b);
}

const vectors = kind.prepare(rows, count), asked = kind.prepare(queries, used);
let index = kind.make(count);
const began = now();
for (let i = 0; i < count; i++) kind.add(index, i, vectors[i]);
say({ build: now() - began });

const file = join(tmpdir(), `skep-bench-${process.pid}.${peer}`);
try {
  kind.save(index, file);
  const points = [];
  for (const ef of efs) {
    index = kind.set(index, ef, file, count);
    points.push(measure(ef, (q) => kind.search(index, asked[q], K)));
    if (points.at(-1).recall > enough) break;
    if (kind.mayBeStuck && ef > 64 && points.length > 1 && points.at(-1).recall === points.at(-2).recall) { say({ stuck: true }); break; }
  }

  const settings = around(points, recallText.split(',').map(Number));
  for (const threads of threadText.split(',').map(Number).filter((n) => n > 0)) {
    await several({ threads, settings, peer, metric, dimension, count, used, file, queriesFile, truthFile, bytes: statSync(file).size }, say);
    if (!kind.batch) continue;
    const flat = queries.slice(0, used * dimension);
    for (const ef of settings) {
      index = kind.set(index, ef, file, count);
      let best = 0, found = [];
      for (let pass = 0; pass < 3; pass++) {
        const start = now();
        const answer = kind.batch(index, flat, K, threads);
        best = Math.max(best, used / (now() - start));
        found = answer;
      }
      say({ threads, how: 'batch', ef, recall: recallOf(found, truth), qps: best });
    }
  }

  if (kind.filter) filtered({ kind, index, rows, queries, asked, count, used, dimension, metric }, say);
} finally { rmSync(file, { force: true }); }
