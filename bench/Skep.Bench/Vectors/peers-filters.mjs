// Filters by a callback: every tenth and every hundredth row. Fewer queries than elsewhere: they take long.
import { K, now } from './peers-data.mjs';

export function filtered({ kind, index, rows, queries, asked, count, used, dimension, metric }, say) {
  for (const every of [10, 100]) {
    const few = Math.min(used, 200), nearest = [];
    for (let q = 0; q < few; q++) nearest.push(truth(q, every));
    for (const ef of [16, 32, 64, 100, 200, 400]) {
      kind.set(index, ef);
      let hits = 0;
      const start = now();
      for (let q = 0; q < few; q++) for (const row of kind.filter(index, asked[q], K, (label) => label % every === 0)) if (nearest[q].has(row)) hits++;
      const recall = hits / (few * K);
      say({ filter: every, ef, recall, qps: few / (now() - start) });
      if (recall >= 0.99) break;
    }
  }

  function truth(q, every) {
    const scored = [];
    for (let i = 0; i < count; i += every) {
      let sum = 0;
      for (let d = 0; d < dimension; d++) {
        const a = rows[i * dimension + d], b = queries[q * dimension + d];
        sum += metric === 'l2' ? (a - b) * (a - b) : -a * b;
      }
      scored.push([sum, i]);
    }
    scored.sort((a, b) => a[0] - b[0]);
    return new Set(scored.slice(0, K).map((x) => x[1]));
  }
}
