// A Messages API on loopback that says what a script tells it to say, so that the real Claude Code runs without a model.
//
// A conversation names its script by the word "script:NAME" in a user message. The answer to a request is the step whose
// number is the count of assistant messages so far: the script needs no state here, and a resumed session goes on rightly.
// A step is { text } or { tools: [{ name, input }, ...] }; past the end of a script the answer is a plain text.
import http from 'node:http';

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

export async function startScriptedApi(scripts, onRequest = () => {}) {
  const server = http.createServer(async (request, response) => {
    try {
      await answer(request, response, scripts, onRequest);
    } catch (error) {
      console.error(`scripted API: ${error.stack}`);
      response.writeHead(500).end();
    }
  });
  await new Promise(listening => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise(closed => { server.close(closed); server.closeAllConnections(); }),
  };
}

async function answer(request, response, scripts, onRequest) {
  const path = request.url.split('?')[0];
  if (request.method !== 'POST' || !path.startsWith('/v1/messages')) {
    return sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: `no ${path} here` } });
  }

  const body = await readJson(request);
  if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 10 });

  onRequest(body);
  const message = toMessage(body, nextStep(body, scripts));
  if (body.stream) sendStream(response, message); else sendJson(response, 200, message);
}

async function readJson(request) {
  let size = 0;
  const chunks = [];
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new Error(`a request above ${MAX_REQUEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function nextStep(body, scripts) {
  // Requests without tools are side questions (titles, summaries): they are answered, but they do not walk the script.
  if (!body.tools?.length) return { text: 'A short summary.' };
  const said = body.messages.filter(message => message.role === 'user').map(textOf).join('\n');
  const names = [...said.matchAll(/script:([a-z-]+)/g)].map(match => match[1]);
  const script = scripts[names.at(-1)];
  if (!script) return { text: 'No script was named.' };
  const start = body.messages.findLastIndex(message => message.role === 'user' && textOf(message).includes(`script:${names.at(-1)}`));
  const done = body.messages.slice(start).filter(message => message.role === 'assistant').length;
  return script[done] ?? { text: 'Done.' };
}

function textOf(message) {
  if (typeof message.content === 'string') return message.content;
  return message.content.filter(block => block.type === 'text').map(block => block.text).join('\n');
}

let count = 0;

function toMessage(body, step) {
  const content = step.tools
    ? step.tools.map(tool => ({ type: 'tool_use', id: `toolu_${String(++count).padStart(4, '0')}`, name: tool.name, input: tool.input }))
    : [{ type: 'text', text: step.text }];
  return {
    id: `msg_${String(++count).padStart(4, '0')}`, type: 'message', role: 'assistant', model: body.model, content,
    stop_reason: step.tools ? 'tool_use' : 'end_turn', stop_sequence: null,
    usage: { input_tokens: 12, output_tokens: 7, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  };
}

function sendJson(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendStream(response, message) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type, rest) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  send('message_start', { message: { ...message, content: [], stop_reason: null } });
  message.content.forEach((block, index) => {
    const isTool = block.type === 'tool_use';
    send('content_block_start', { index, content_block: isTool ? { ...block, input: {} } : { type: 'text', text: '' } });
    send('content_block_delta', {
      index,
      delta: isTool ? { type: 'input_json_delta', partial_json: JSON.stringify(block.input) } : { type: 'text_delta', text: block.text },
    });
    send('content_block_stop', { index });
  });
  send('message_delta', { delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage: { output_tokens: 7 } });
  send('message_stop', {});
  response.end();
}
