// Records what the real Claude Code sends to its hooks, without a model and without any network beyond loopback.
//
//   node eng/record-claude-payloads/record.mjs --claude PROGRAM --out FOLDER
//
// PROGRAM is the `claude` of an installed @anthropic-ai/claude-code; FOLDER receives one JSON file for each kind of payload.
// Everything it needs (home, settings, project) lives in a temporary folder that is removed in the end.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startScriptedApi } from './scripted-api.mjs';

const EVENTS = [
  'SessionStart', 'SessionEnd', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'PostToolUseFailure', 'PermissionRequest',
  'Notification', 'Stop', 'StopFailure', 'SubagentStart', 'SubagentStop', 'PreCompact', 'PostCompact',
];
const RUN_TIMEOUT_MS = 60_000;
const MOST_OF_A_KIND = 2;
const here = dirname(fileURLToPath(import.meta.url));

const { values: options } = parseArgs({ options: { claude: { type: 'string', default: 'claude' }, out: { type: 'string' } } });
if (!options.out) {
  console.error('record: --out FOLDER is missing: name the folder that receives the payloads');
  process.exit(2);
}

const root = realpathSync(mkdtempSync(join(tmpdir(), 'skep-record-')));
const folders = Object.fromEntries(['home', 'project', 'payloads'].map(name => [name, join(root, name)]));
for (const folder of Object.values(folders)) mkdirSync(folder);
const file = name => join(folders.project, name);

const scripts = {
  // One of each tool that our hooks look at, a command that fails, then a subagent, then the end of the turn.
  tools: [
    { tools: [{ name: 'Write', input: { file_path: file('notes.md'), content: 'one\n' } }] },
    { tools: [{ name: 'Read', input: { file_path: file('notes.md') } }] },
    { tools: [{ name: 'Edit', input: { file_path: file('notes.md'), old_string: 'one', new_string: 'two' } }] },
    { tools: [{ name: 'Read', input: { file_path: file('cells.ipynb') } }] },
    { tools: [{ name: 'NotebookEdit', input: { notebook_path: file('cells.ipynb'), cell_id: 'first', new_source: 'print(2)' } }] },
    { tools: [{ name: 'Bash', input: { command: 'echo hello', description: 'Say hello' } }] },
    { tools: [{ name: 'Bash', input: { command: 'echo broken >&2; exit 3', description: 'Fail' } }] },
    { tools: [{ name: 'Agent', input: { description: 'Look around', prompt: 'script:subagent', subagent_type: 'general-purpose' } }] },
    { tools: [{ name: 'Agent', input: { description: 'Wait for it', prompt: 'script:waited', subagent_type: 'general-purpose', run_in_background: false } }] },
    { text: 'All tools were used.' },
  ],
  subagent: [
    { tools: [{ name: 'Write', input: { file_path: file('from-agent.md'), content: 'by the subagent\n' } }] },
    { text: 'The subagent is done.' },
  ],
  waited: [{ text: 'The waited-for subagent is done.' }],
  again: [{ text: 'The session went on.' }],
};

const api = await startScriptedApi(scripts, body => {
  if (process.env.RECORD_VERBOSE) console.error(JSON.stringify({ messages: body.messages.length, tools: body.tools?.map(tool => tool.name), last: body.messages.at(-1) }).slice(0, 2000));
});
try {
  prepare();
  const common = ['--permission-mode', 'acceptEdits', '--allowedTools', 'Bash', 'Agent', 'NotebookEdit', '--'];
  await claude(['-p', ...common, 'Please go. script:tools']);
  await claude(['-p', '--continue', ...common, 'Go on. script:again']);
  await claude(['-p', '--continue', ...common, '/compact']);
  save();
} finally {
  await api.close();
  rmSync(root, { recursive: true, force: true });
}

function prepare() {
  const hook = { type: 'command', command: `"${process.execPath}" "${join(here, 'save-payload.mjs')}" "${folders.payloads}"` };
  const hooks = Object.fromEntries(EVENTS.map(event => [event, [{ hooks: [hook] }]]));
  mkdirSync(file('.claude'));
  writeFileSync(file('.claude/settings.json'), JSON.stringify({ hooks }, null, 2));
  writeFileSync(file('cells.ipynb'), JSON.stringify({
    cells: [{ cell_type: 'code', id: 'first', metadata: {}, execution_count: null, outputs: [], source: ['print(1)'] }],
    metadata: {}, nbformat: 4, nbformat_minor: 5,
  }));
}

function claude(args) {
  const env = {
    PATH: process.env.PATH, HOME: folders.home, CLAUDE_CONFIG_DIR: join(folders.home, '.claude'), TERM: 'dumb',
    ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: 'not-a-key', ENABLE_TOOL_SEARCH: 'false',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(options.claude, args, { cwd: folders.project, env, stdio: ['ignore', 'inherit', 'inherit'], timeout: RUN_TIMEOUT_MS });
    child.on('error', error => reject(new Error(`${options.claude} does not start: ${error.message}; install @anthropic-ai/claude-code, or name it with --claude`)));
    child.on('exit', (code, signal) => code === 0 ? resolve() : reject(new Error(`claude ${args[0]} ended with ${signal ?? code}`)));
  });
}

// Keeps one file for each kind (event, tool, source...), with the paths of this machine replaced by those of a made-up one.
function save() {
  mkdirSync(options.out, { recursive: true });
  const seen = new Map();
  for (const name of readdirSync(folders.payloads).sort()) {
    const text = anonymous(readFileSync(join(folders.payloads, name), 'utf8'));
    const payload = JSON.parse(text);
    const kind = [
      payload.hook_event_name, payload.tool_name, payload.agent_id && payload.tool_name ? 'in-agent' : null, payload.source ?? payload.trigger ?? payload.notification_type,
    ].filter(Boolean).join('-');
    const times = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, times);
    if (times > MOST_OF_A_KIND) continue;
    writeFileSync(join(options.out, times === 1 ? `${kind}.json` : `${kind}-${times}.json`), text.trimEnd() + '\n');
  }
  console.error(`record: ${seen.size} kinds of payloads in ${options.out}`);
}

function anonymous(text) {
  const slug = path => path.replaceAll(/[^A-Za-z0-9]/g, '-');
  return text
    .replaceAll(folders.project, '/home/ann/project').replaceAll(folders.home, '/home/ann')
    .replaceAll(slug(folders.project), '-home-ann-project').replaceAll(/\/tmp\/claude-\d+\//g, '/tmp/claude-1000/');
}
