// A worker: loads a copy of the index, then answers the queries over and over until the end of a window, and says how many it answered within it.
import { parentPort, workerData } from 'node:worker_threads';
import { kindOf } from './peers-kinds.mjs';
import { floats, K, now, recallOf, truthOf } from './peers-data.mjs';

const { peer, metric, dimension, count, used, file, queriesFile, truthFile } = workerData;
const kind = kindOf(peer, metric, dimension);
const asked = kind.prepare(floats(queriesFile), used), truth = truthOf(truthFile);
let index = null, next = 0;

parentPort.on('message', ({ ef, from, to }) => parentPort.postMessage(ef ? loaded(ef) : busy(from, to)));

function loaded(ef) {
  const before = process.memoryUsage().rss;
  index = kind.set(index, ef, file, count);
  const grown = process.memoryUsage().rss - before;
  return { grown, recall: recallOf(asked.map((query) => kind.search(index, query, K)), truth) };
}

function busy(from, to) {
  const began = now();
  let answered = 0, ended = began;
  while (ended < to) {
    kind.search(index, asked[next], K);
    next = (next + 1) % used;
    ended = now();
    if (ended > from && ended <= to) answered++;
  }
  return { answered, began, ended };
}
