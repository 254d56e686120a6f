import { describe, expect, it } from 'vitest';
import { LiveText } from './liveText';
import { ProgramOutput } from './programOutput';

/** What is shown of a program is cut off, and no cut may leave a part of a secret. */

const SECRET = 'sk-0123456789abcdefghijklmnopqrstuvwxyz';
const clean = (text: string) => text.replaceAll(SECRET, '[redacted]');

/** Shows these events of claude. Returns the entries of the transcript and the inputs of the steps. */
function shown(...content: object[]): string[] {
  const texts: string[] = [];
  const output = new ProgramOutput({
    adapter: 'by-output',
    resumed: null,
    clean,
    onText: (text) => texts.push(text),
    onEntry: (entry) => texts.push(entry.content),
    onStep: (step) => texts.push(step.input),
  });
  const events = content.map((block) => ({ type: 'assistant', message: { content: [block] } }));
  for (const event of [{ type: 'system', subtype: 'init', session_id: 'a' }, ...events])
    output.add(`${JSON.stringify(event)}\n`);
  return texts;
}

describe('a secret where the cut is', () => {
  it('of a long call of a tool', () => {
    const command = `${'x'.repeat(280)} ${SECRET} ${'y'.repeat(100)}`;
    const texts = shown({ type: 'tool_use', id: '1', name: 'Bash', input: { command } });
    expect(texts).toHaveLength(2);
    expect(texts.join()).not.toContain('sk-0123');
  });

  it('of the long result of a tool that failed', () => {
    const said = `${'x'.repeat(500)} ${SECRET} ${'y'.repeat(980)}`;
    const result = { type: 'tool_result', tool_use_id: '1', is_error: true, content: said };
    const texts = shown({ type: 'tool_use', id: '1', name: 'Bash', input: {} }, result);
    expect(texts.join()).toContain('y'.repeat(980));
    expect(texts.join()).not.toContain('wxyz');
  });

  it('of a long text, whichever way it arrives', () => {
    const texts: string[] = [];
    for (const chunk of [50, 9_000]) {
      const printed = `${'x'.repeat(8_500)}${SECRET}${'y'.repeat(3_980)}`;
      const text = new LiveText(({ content }) => texts.push(content), clean);
      for (let from = 0; from < printed.length; from += chunk) text.add(printed.slice(from, from + chunk));
      text.end({ isStopped: true });
    }
    expect(texts.join()).toContain('y'.repeat(3_900));
    expect(texts.join()).not.toContain('wxyz');
  });
});
