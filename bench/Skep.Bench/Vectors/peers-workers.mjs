// One index searched by several workers at once. JavaScript has one thread for each worker, and a peer's index belongs to the worker that made it: so each
// loads its own copy from the file that the first one saved. Speed is what all of them answer within one window of time that begins after each has
// loaded its copy and answered every query once, and in which each of them is busy from beginning to end.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { now } from './peers-data.mjs';

const WINDOWS = 3, SECONDS = 1, LEAD = 0.05, TRIES = 5;

export async function several(job, say) {
  const workers = Array.from({ length: job.threads }, () => new Worker(new URL('./peers-worker.mjs', import.meta.url), { workerData: job }));
  try {
    if (job.settings.length > 0) say({ threads: job.threads, copies: job.threads, file: job.bytes, memory: await copied(workers, job.settings[0]) });
    for (const ef of job.settings) {
      const recalls = (await ask(workers, { ef })).map((told) => told.recall);
      let best = 0;
      for (let i = 0; i < WINDOWS; i++) best = Math.max(best, await window(workers));
      say({ threads: job.threads, how: 'workers', ef, recall: Math.min(...recalls), qps: best });
    }
  } finally {
    await Promise.all(workers.map((w) => w.terminate()));
  }
}

// By how much the process grows for each copy: the workers load theirs one after the other, when what is no longer used was given back.
async function copied(workers, ef) {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  let grown = 0;
  for (const worker of workers) grown += (await ask([worker], { ef }))[0].grown;
  return grown / workers.length;
}

// Queries per second of all workers in a window; anew where one of them was late.
async function window(workers) {
  for (let tries = 0; tries < TRIES; tries++) {
    const from = now() + LEAD, to = from + SECONDS;
    const told = await ask(workers, { from, to });
    if (told.every((t) => t.began <= from && t.ended >= to)) return told.reduce((sum, t) => sum + t.answered, 0) / SECONDS;
  }
  throw new Error(`in ${TRIES} windows of ${SECONDS} s not all workers were busy from the beginning: the machine does too much else`);
}

// Sends all workers the same and waits for what each of them answers.
function ask(workers, message) {
  return Promise.all(workers.map((worker) => new Promise((resolve, reject) => {
    const failed = (e) => reject(e);
    worker.once('error', failed);
    worker.once('message', (answer) => { worker.off('error', failed); resolve(answer); });
    worker.postMessage(message);
  })));
}
