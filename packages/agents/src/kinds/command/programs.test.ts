import { describe, expect, it } from 'vitest';
import { readProgramOutput } from './programs';

const read = (...events: (object | string)[]) =>
  readProgramOutput(events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))));

const result = {
  ...{ type: 'result', subtype: 'success', is_error: false, num_turns: 2, session_id: 's' },
  ...{ result: 'Nothing new.', total_cost_usd: 0.02 },
  usage: { input_tokens: 3, cache_read_input_tokens: 100, output_tokens: 42 },
};

describe('the output of claude', () => {
  const report = { content: 'Nothing new.', usage: { inputTokens: 103, outputTokens: 42, costUsd: 0.02 } };

  it.each([
    ['one line', [result]],
    ['many lines', JSON.stringify(result, null, 2).split('\n')],
    ['a list', [JSON.stringify([{ type: 'system' }, result])]],
    ['a line for each event', [{ type: 'system' }, { type: 'assistant', message: {} }, result, '']],
  ])('is read from %s of JSON', (_what, events) => expect(read(...events)).toEqual(report));

  it.each([
    ['agent', 'The tests do not pass'],
    ['needs-person', 'Invalid API key · Please run /login'],
    ['transient', 'API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}'],
    ['rate-limit', "You've hit your session limit"],
  ])('is a failure of class %s when it says so: %s', (failureClass, words) => {
    expect(read({ ...result, is_error: true, result: words })).toMatchObject({
      failure: { failureClass, errorMessage: words },
    });
  });

  it('names the time at which its limit is reset', () => {
    const resetAt = Math.floor(Date.now() / 1_000) + 600;
    const said = read({ ...result, is_error: true, result: `Claude AI usage limit reached|${resetAt}` });
    expect(said?.failure?.failureClass).toBe('rate-limit');
    expect(said?.failure?.retryAfterSeconds).toBeGreaterThan(500);
  });

  it('is a failure when it ended before it had a result', () => {
    const { result: _, ...ended } = result;
    expect(read({ ...ended, subtype: 'error_max_turns' })).toMatchObject({
      failure: { errorMessage: expect.stringContaining('error_max_turns') },
    });
  });
});

describe('the output of codex', () => {
  const begin = [{ type: 'thread.started', thread_id: 't' }, { type: 'turn.started' }];
  const message = (text: string) => ({
    type: 'item.completed',
    item: { id: 'i', type: 'agent_message', text },
  });
  const end = {
    type: 'turn.completed',
    usage: { input_tokens: 10, cached_input_tokens: 4, output_tokens: 5 },
  };

  it('is its last message, with what it used', () => {
    const command = { type: 'item.completed', item: { id: 'c', type: 'command_execution', command: 'ls' } };
    expect(read(...begin, message('I look.'), command, message('All well.'), end)).toEqual({
      content: 'All well.',
      usage: { inputTokens: 10, outputTokens: 5 },
    });
  });

  it('is a failure when its turn failed', () => {
    const failed = { type: 'turn.failed', error: { message: 'stream error: 503 Service Unavailable' } };
    expect(read(...begin, { type: 'error', message: 'Reconnecting' }, failed)).toMatchObject({
      failure: { failureClass: 'transient', errorMessage: failed.error.message },
    });
  });

  it('is none when only a warning came before its end', () => {
    const said = read(...begin, { type: 'error', message: 'Reconnecting' }, message('Fine.'), end);
    expect(said).toMatchObject({ content: 'Fine.' });
    expect(said?.failure).toBeUndefined();
  });
});

it.each([
  ['text', ['All well']],
  ['other JSON', [{ degrees: 20 }]],
  ['other events', [{ type: 'log', message: 'x' }, { type: 'result' }]],
  ['a log that quotes such a line', ['log', result]],
  ['JSON that is cut', ['{"type":"result"']],
  ['nothing', ['']],
])('leaves %s as it is', (_what, events) => expect(read(...events)).toBeNull());
