// What the scripts that measure peers share: files of numbers, a clock, recall.
import { readFileSync } from 'node:fs';

export const K = 10;

export const floats = (file) => { const b = readFileSync(file); return new Float32Array(b.buffer, b.byteOffset, b.length / 4); };

export const truthOf = (file) => { const b = readFileSync(file); return new Int32Array(b.buffer, b.byteOffset, b.length / 4); };

// Seconds of a clock that all threads of the process share.
export const now = () => Number(process.hrtime.bigint()) / 1e9;

// The share of the truly nearest that were found, over all queries that were answered.
export function recallOf(found, truth) {
  let hits = 0;
  for (let q = 0; q < found.length; q++) {
    const nearest = truth.subarray(q * K, (q + 1) * K);
    for (const row of found[q]) if (nearest.includes(Number(row))) hits++;
  }
  return hits / (found.length * K);
}
