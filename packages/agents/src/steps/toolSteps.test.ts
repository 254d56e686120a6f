import { LIMITS } from '@everbeat/domain';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AgentTool } from '../tools/port';
import { callTool } from './toolSteps';

const toolThat = (fields: Partial<AgentTool>): AgentTool => ({
  name: 'send',
  description: '',
  inputSchema: {},
  policy: 'allow',
  readOnly: false,
  idempotent: false,
  execute: () => 'sent',
  ...fields,
});

const call = (tool: AgentTool, signal = new AbortController().signal) =>
  callTool(tool, {}, { occurrence: 'run:1', signal });

describe('the result of a call', () => {
  const MAX = LIMITS.toolResultCharsMax;
  const lengthOf = async (chars: number): Promise<number> => {
    const { end } = await call(toolThat({ execute: () => 'x'.repeat(chars) }));
    return JSON.stringify(end.result).length - JSON.stringify({ output: '' }).length;
  };

  it('is kept up to its limit, and shortened beyond it', async () => {
    expect(await lengthOf(MAX)).toBe(MAX);
    expect(await lengthOf(MAX + 1)).toBeLessThanOrEqual(MAX);
  });
});

describe('a tool that does not answer', () => {
  afterEach(() => void vi.useRealTimers());

  /** How a call ended after so many seconds; null: it has not. */
  async function after(seconds: number, traits: Partial<AgentTool>) {
    vi.useFakeTimers();
    let end: Awaited<ReturnType<typeof call>>['end'] | null = null;
    void call(toolThat({ execute: () => new Promise<string>(() => undefined), ...traits })).then((made) => {
      end = made.end;
    });
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    return end;
  }

  it('is waited for until its time is over, and not longer, also if it heeds no signal', async () => {
    expect(await after(LIMITS.toolCallSecondsMax - 1, { readOnly: true })).toBeNull();
    expect(await after(LIMITS.toolCallSecondsMax, { readOnly: true })).toMatchObject({ status: 'failed' });
    expect(await after(LIMITS.toolCallSecondsMax, { idempotent: true })).toMatchObject({ status: 'failed' });
  });

  it('may have done what it was called for: the model is told to look', async () => {
    const end = await after(LIMITS.toolCallSecondsMax, {});
    expect(end).toMatchObject({ status: 'unknown' });
    expect(JSON.stringify(end)).toContain('ook whether it has before you call it again');
  });
});

it('a tool is not called once the run has to stop', async () => {
  const execute = vi.fn(() => 'sent');
  await expect(call(toolThat({ execute }), AbortSignal.abort(new Error('Stopped')))).rejects.toThrow(
    'Stopped',
  );
  expect(execute).not.toHaveBeenCalled();
});
