// The hook that is installed while recording: keeps its standard input as one file, and stays silent.
// Usage: node save-payload.mjs FOLDER   (names sort by arrival; hooks of one event may run at the same time)
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(0, 'utf8');
const event = JSON.parse(text).hook_event_name;
const arrival = process.hrtime.bigint().toString().padStart(20, '0');
writeFileSync(join(process.argv[2], `${arrival}-${event}.json`), text);
