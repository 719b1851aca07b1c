// The peers, each behind the same few verbs. All are built alike: M = 16, efConstruction = 200.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));

// hnswlib-node takes vectors as arrays of JavaScript numbers, has no batches, and filters by a callback.
function hnswlib(metric, dimension) {
  const { HierarchicalNSW } = require('hnswlib-node');
  const prepare = (flat, count) => Array.from({ length: count }, (_, i) => Array.from(flat.subarray(i * dimension, (i + 1) * dimension)));
  return {
    prepare,
    make(count) {
      const index = new HierarchicalNSW(metric, dimension);
      index.initIndex({ maxElements: count, m: 16, efConstruction: 200, randomSeed: 100 });
      return index;
    },
    add: (index, row, vector) => index.addPoint(vector, row),
    save: (index, file) => index.writeIndexSync(file),
    set(index, ef, file) {
      if (!index) {
        index = new HierarchicalNSW(metric, dimension);
        index.readIndexSync(file);
      }
      index.setEf(ef);
      return index;
    },
    search: (index, query, k) => index.searchKnn(query, k).neighbors,
    filter: (index, query, k, passes) => index.searchKnn(query, k, passes).neighbors,
  };
}

// usearch takes typed arrays; the candidates of a search are set when an index is made, so that each setting loads it anew. A batch is searched by threads of its own.
function usearch(metric, dimension) {
  const { Index, MetricKind, ScalarKind } = require('usearch');
  const kind = metric === 'l2' ? MetricKind.L2sq : MetricKind.Cos;
  const make = (ef) => new Index({ dimensions: dimension, metric: kind, quantization: ScalarKind.F32, connectivity: 16, expansion_add: 200, expansion_search: ef, multi: false });
  return {
    mayBeStuck: true,
    prepare: (flat, count) => Array.from({ length: count }, (_, i) => flat.subarray(i * dimension, (i + 1) * dimension)),
    make: () => make(64),
    add: (index, row, vector) => index.add(BigInt(row), vector),
    save: (index, file) => index.save(file),
    set(_, ef, file) {
      const loaded = make(ef);
      loaded.load(file);
      return loaded;
    },
    search: (index, query, k) => index.search(query, k, 1).keys,
    batch(index, flat, k, threads) {
      const { keys, counts } = index.search(flat, k, threads);
      return Array.from(counts, (found, q) => keys.subarray(q * k, q * k + Number(found)));
    },
  };
}

export function kindOf(peer, metric, dimension) {
  if (peer === 'hnswlib') return hnswlib(metric, dimension);
  if (peer === 'usearch') return usearch(metric, dimension);
  throw new Error(`unknown peer '${peer}': hnswlib or usearch`);
}
