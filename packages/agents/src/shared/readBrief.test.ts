import { describe, expect, test } from 'vitest';
import { FieldReader } from './fieldReader';
import { readBrief } from './readBrief';

const QUESTION = {
  type: 'decision',
  priority: 'normal',
  title: 'Buy?',
  summary: 'It costs 10',
  actions: [
    { key: 'buy', label: 'Buy' },
    { key: 'wait', label: 'Wait' },
    { key: 'page', label: 'Look', url: 'https://example.com' },
  ],
};

function read(brief: object) {
  const fields = new FieldReader({ ...QUESTION, ...brief });
  return { ...readBrief(fields), notes: fields.notes };
}

describe('what a question says of the case that nobody answers', () => {
  test.each([
    [{ action: 'wait', afterSeconds: 3_600 }],
    [{ action: 'wait', at: '2026-06-01T12:00:00Z' }],
    [{ action: 'wait', at: '2026-06-01T14:00:00+02:00', afterSeconds: 60 }],
  ])('is an option and a time: %o', (expiry) => {
    expect(read({ expiry })).toMatchObject({ expiry, notes: [] });
  });

  test('may name an option that its type offers', () => {
    const expiry = { action: 'decline', afterSeconds: 60 };
    expect(read({ actions: undefined, expiry })).toMatchObject({ expiry, notes: [] });
  });

  test('is a time at which it is asked again', () => {
    expect(read({ escalation: { afterSeconds: '7200' } })).toMatchObject({
      escalation: { afterSeconds: 7_200 },
      notes: [],
    });
  });

  test.each([
    [
      'an option that it does not offer',
      { expiry: { action: 'sell', afterSeconds: 60 } },
      'its action is none',
    ],
    ['no option', { expiry: { afterSeconds: 60 } }, 'its action is none'],
    [
      'an option that leads to a page',
      { expiry: { action: 'page', afterSeconds: 60 } },
      'its action is none',
    ],
    [
      'words that silence has not',
      { actions: undefined, expiry: { action: 'feedback', afterSeconds: 60 } },
      'its action is none',
    ],
    ['no time', { expiry: { action: 'wait' } }, 'neither "afterSeconds" nor "at"'],
    ['a time that is none', { expiry: { action: 'wait', at: 'tomorrow' } }, 'expiry.at was left out'],
    ['no time to ask again', { escalation: {} }, 'neither "afterSeconds" nor "at"'],
    ['something else', { expiry: 'wait', escalation: 4 }, 'it is not an object'],
    [
      'a default, although it asks nothing',
      { type: 'insight', expiry: { action: 'wait', afterSeconds: 60 } },
      'only a decision, or what is urgent',
    ],
    [
      'a time to ask again, although it asks nothing',
      { type: 'result', escalation: { afterSeconds: 60 } },
      'only a decision, or what is urgent',
    ],
  ])('is left out with a note when it names %s', (_what, brief, note) => {
    const { expiry, escalation, notes, title } = read(brief);
    expect({ expiry, escalation, title }).toEqual({ title: 'Buy?' });
    expect(notes.join('\n')).toContain(note);
  });
});
