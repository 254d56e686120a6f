import { describe, expect, it } from 'vitest';
import { ADAPTERS } from './adapters';
import type { Adapter, ResumedSession } from './adapters/adapter';
import { ProgramOutput } from './programOutput';

const SESSION = '0199a213-81c0-7800-8aa1-bbab2a035a53';

/** Reads these lines as they would be printed. */
function read(
  lines: readonly (object | string)[],
  {
    adapter = 'by-output',
    resumed = null,
  }: { adapter?: Adapter | 'by-output' | null; resumed?: ResumedSession | null } = {},
) {
  const entries: string[] = [];
  let text = '';
  const output = new ProgramOutput({
    adapter,
    resumed,
    clean: (text: string) => text,
    onEntry: ({ content }) => entries.push(content),
    onText: (chunk) => {
      text += chunk;
    },
  });
  const printed = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  output.add(printed.join('\n'));
  return { report: output.end(printed), entries, text, reader: output.reader };
}

const init = { type: 'system', subtype: 'init', session_id: SESSION };
const says = (...content: object[]) => ({ type: 'assistant', session_id: SESSION, message: { content } });
const result = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  num_turns: 2,
  session_id: SESSION,
  result: 'Nothing new.',
  total_cost_usd: 0.02,
  usage: { input_tokens: 3, cache_read_input_tokens: 100, output_tokens: 42 },
};

describe('the output of claude', () => {
  const report = { content: 'Nothing new.', usage: { inputTokens: 103, outputTokens: 42, costUsd: 0.02 } };

  it.each([
    ['one line', [result]],
    ['many lines', JSON.stringify(result, null, 2).split('\n')],
    ['a list', [JSON.stringify([{ type: 'system' }, result])]],
    ['a line for each event', [init, says(), result, '']],
  ])('is read from %s of JSON', (_what, events) => expect(read(events).report).toEqual(report));

  it('costs what each of its results says of itself, where it tells of the whole session as well', () => {
    const costing = (...costs: number[]) => ({
      ...result,
      total_cost_usd: 9,
      model_usage_since_last_result: Object.fromEntries(
        costs.map((costUSD, n) => [`model-${n}`, { costUSD }]),
      ),
    });
    const costOf = (...events: object[]) => read([init, ...events]).report?.usage?.costUsd;
    expect(costOf(costing(0.25, 0.5))).toBe(0.75);
    expect(costOf(costing(0.25), costing(0.5))).toBe(0.75);
    expect(costOf(costing())).toBe(0);
    expect(costOf({ ...costing(), model_usage_since_last_result: { model: {} } })).toBe(9);
  });

  it('is shown step by step: words, calls of tools, and what failed', () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'npm test' } };
    const failed = {
      type: 'tool_result',
      tool_use_id: 'toolu_1',
      is_error: true,
      content: [{ type: 'text', text: 'no' }],
    };
    const { entries, reader } = read([
      init,
      says({ type: 'thinking', thinking: 'hm' }, { type: 'text', text: 'I test.' }, call),
      { type: 'user', session_id: SESSION, message: { content: [failed] } },
      {
        type: 'system',
        subtype: 'api_retry',
        session_id: SESSION,
        error: 'rate_limit',
        retry_delay_ms: 2_500,
      },
      result,
    ]);
    expect(entries).toEqual([
      'I test.',
      'Bash: npm test',
      'Bash failed: no',
      'Its call of the model failed (rate_limit). It tries again in 3 s.',
    ]);
    expect(reader?.sessionId).toBe(SESSION);
  });

  it('shows of the agents that it calls what they do, and not their drafts', () => {
    const ofSubagent = { ...says({ type: 'text', text: 'A draft' }), parent_tool_use_id: 'toolu_1' };
    expect(read([init, ofSubagent, result]).entries).toEqual([]);
  });

  it.each([
    ['agent', 'The tests do not pass'],
    ['needs-person', 'Invalid API key · Please run /login'],
    ['needs-person', 'Credit balance is too low'],
    ['transient', 'API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}'],
    ['rate-limit', "You've hit your session limit"],
  ])('is a failure of class %s when it says so: %s', (failureClass, words) => {
    expect(read([{ ...result, is_error: true, result: words }]).report).toMatchObject({
      failure: { failureClass, errorMessage: words },
    });
  });

  it.each([
    ['authentication_failed', 'needs-person'],
    ['billing_error', 'needs-person'],
    ['rate_limit', 'rate-limit'],
    ['server_error', 'transient'],
    ['invalid_request', 'agent'],
  ])('is a failure as its last answer is marked with %s', (error, failureClass) => {
    const marked = { ...says({ type: 'text', text: 'Sorry' }), error };
    expect(read([init, marked, { ...result, is_error: true, result: 'Sorry' }]).report).toMatchObject({
      failure: { failureClass },
    });
  });

  it('names the time at which its limit is reset', () => {
    const resetsAt = Math.floor(Date.now() / 1_000) + 600;
    const old = read([{ ...result, is_error: true, result: `Claude AI usage limit reached|${resetsAt}` }]);
    expect(old.report?.failure?.retryAfterSeconds).toBeGreaterThan(500);
    const limit = {
      type: 'rate_limit_event',
      session_id: SESSION,
      rate_limit_info: { status: 'rejected', resetsAt },
    };
    const marked = { ...says({ type: 'text', text: 'Limit' }), error: 'rate_limit' };
    const events = read([init, limit, marked, { ...result, is_error: true, result: 'Limit' }]);
    expect(events.report?.failure?.retryAfterSeconds).toBeGreaterThan(500);
  });

  it('is a failure when it ended before it had a result', () => {
    const { result: _, ...ended } = result;
    expect(read([{ ...ended, subtype: 'error_max_turns' }]).report).toMatchObject({
      failure: { errorMessage: expect.stringContaining('error_max_turns') },
    });
    expect(read([{ ...ended, subtype: 'error_max_budget_usd' }]).report).toMatchObject({
      failure: { isOverBudget: true },
    });
  });

  it('names no session by anything else than a UUID', () => {
    expect(
      read([
        { ...init, session_id: '--model x' },
        { ...result, session_id: '$(reboot)' },
      ]).reader?.sessionId,
    ).toBeNull();
  });

  it('has not begun when it does not know the session that it was to go on with', () => {
    const unknown = {
      ...result,
      subtype: 'error_during_execution',
      is_error: true,
      num_turns: 0,
      result: undefined,
    };
    expect(read([unknown]).reader?.hasBegun).toBe(false);
    expect(read([init, says()]).reader?.hasBegun).toBe(true);
  });
});

describe('the output of codex', () => {
  const begin = [{ type: 'thread.started', thread_id: SESSION }, { type: 'turn.started' }];
  const completed = (item: object) => ({ type: 'item.completed', item: { id: 'i', ...item } });
  const message = (text: string) => completed({ type: 'agent_message', text });
  const end = {
    type: 'turn.completed',
    usage: { input_tokens: 10, cached_input_tokens: 4, output_tokens: 5 },
  };

  it('is its last message, with what it used, step by step', () => {
    const command = {
      type: 'command_execution',
      command: 'ls',
      aggregated_output: '',
      status: 'in_progress',
    };
    const { report, entries, reader } = read([
      ...begin,
      message('I look.'),
      { type: 'item.started', item: { id: 'c', ...command } },
      completed({ ...command, aggregated_output: 'no such file', exit_code: 2, status: 'failed' }),
      completed({ type: 'file_change', changes: [{ path: 'a.ts', kind: 'add' }], status: 'completed' }),
      completed({ type: 'todo_list', items: [] }),
      message('All well.'),
      end,
    ]);
    expect(report).toEqual({ content: 'All well.', usage: { inputTokens: 10, outputTokens: 5 } });
    expect(entries).toEqual([
      'I look.',
      'Command: ls',
      'ls failed: no such file',
      'Files: add a.ts',
      'All well.',
    ]);
    expect(reader?.sessionId).toBe(SESSION);
  });

  it('counts of a session that it goes on with only what this run has used', () => {
    const resumed = { id: SESSION, usage: { inputTokens: 7, outputTokens: 5 } };
    const { report, reader } = read([...begin, message('Fine.'), end], { adapter: ADAPTERS.codex, resumed });
    expect(report?.usage).toEqual({ inputTokens: 3, outputTokens: 0 });
    expect(reader?.sessionUsage).toEqual({ inputTokens: 10, outputTokens: 5 });
    const lost = read(begin, { adapter: ADAPTERS.codex, resumed });
    expect(lost.reader?.sessionUsage).toEqual(resumed.usage);
  });

  it('is a failure when its turn failed', () => {
    const failed = { type: 'turn.failed', error: { message: 'stream error: 503 Service Unavailable' } };
    expect(read([...begin, { type: 'error', message: 'Reconnecting' }, failed]).report).toMatchObject({
      failure: { failureClass: 'transient', errorMessage: failed.error.message },
    });
  });

  it('is none when only a warning came before its end', () => {
    const { report } = read([...begin, { type: 'error', message: 'Reconnecting' }, message('Fine.'), end]);
    expect(report).toMatchObject({ content: 'Fine.' });
    expect(report?.failure).toBeUndefined();
  });
});

it.each([
  ['text', ['All well']],
  ['other JSON', [{ degrees: 20 }]],
  ['other events', [{ type: 'log', message: 'x' }, { type: 'result' }]],
  ['a log that quotes such a line', ['log', result]],
  ['events with a line of text among them', [init, 'log', result]],
  ['JSON that is cut', ['{"type":"result"']],
  ['nothing', ['']],
])('leaves %s as it is', (_what, events) => expect(read(events).report).toBeNull());

it('reads no events of a program that is said to print text', () => {
  expect(read([init, result], { adapter: null })).toMatchObject({ report: null, entries: [] });
});

it('passes over text and unknown events among those of a program that is known', () => {
  const { report, text } = read(['npm warn', init, { type: 'news', session_id: SESSION }, result], {
    adapter: ADAPTERS.claude,
  });
  expect(report).toMatchObject({ content: 'Nothing new.' });
  expect(text).toBe('npm warn\n');
});

it('does not wait for the end of a line that never ends', () => {
  const output = new ProgramOutput({
    clean: (text: string) => text,
    adapter: ADAPTERS.claude,
    resumed: null,
    onEntry: () => {},
    onText: () => {},
  });
  for (let part = 0; part < 10; part += 1) output.add(`{"type":"user","x":"${'x'.repeat(1_000_000)}`);
  output.add(`\n${JSON.stringify(result)}\n`);
  expect(output.end([])).toMatchObject({ content: 'Nothing new.' });
});

it('shows a call of a tool whose arguments are nested too deeply to be written down', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const call = `{"type":"tool_use","id":"toolu_1","name":"Draw","input":{"shape":${deep}}}`;
  const line = `{"type":"assistant","session_id":"${SESSION}","message":{"content":[${call}]}}`;
  expect(read([init, line, result])).toMatchObject({
    entries: ['Draw: (nested too deeply to be shown)'],
    report: { content: 'Nothing new.' },
  });
});
