import { LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { expectStorable } from '../../test/contract';
import { readAnswer } from './answer';

/** The outcome and the notes of an answer that fits. */
function read(value: unknown) {
  const reading = readAnswer(value, null);
  if (!reading.fits) throw new Error(reading.problem);
  return reading;
}
const brief = { type: 'insight', priority: 'normal', title: 'Title', summary: 'Summary' };

describe("an agent's answer", () => {
  it('is done when it has content, with all that it reports', () => {
    const report = {
      content: 'Report',
      title: 'Title',
      briefs: [
        { ...brief, actions: [{ key: 'merge', label: 'Merge it' }], key: 'pull-7', document: 'Pulls' },
      ],
      comments: ['Noted'],
      subtasks: [{ name: 'Part', instruction: 'Do a part' }, { instruction: 'Do another' }],
      documents: [
        { name: 'Pulls', content: '# Seven', baseVersion: 2 },
        { name: 'Memory', content: 'Seen 7', append: true },
      ],
      goalMet: true,
      nextRunInSeconds: 60,
      memory: { seen: [1, 2] },
      usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 },
    };
    expect(read(report)).toEqual({ fits: true, outcome: { kind: 'done', ...report }, notes: [] });
  });

  it('may contain null for what is left out, and unknown keys', () => {
    const nothing = {
      briefs: null,
      comments: null,
      memory: null,
      nextRunInSeconds: null,
      failureClass: null,
    };
    const { outcome, notes } = read({ content: '', ...nothing, usage: { costUsd: null }, mood: 'fine' });
    expect(outcome).toEqual({ kind: 'done', content: '', usage: {} });
    expect(notes).toEqual([]);
  });

  it.each([
    ['status', { status: 7 }],
    ['title', { title: {} }],
    ['briefs', { briefs: 'none' }],
    ['briefs.0', { briefs: [{ type: 'insight' }] }],
    ['briefs.0', { briefs: [[]] }],
    ['briefs.0.actions', { briefs: [{ ...brief, actions: 'yes' }] }],
    ['briefs.0.actions.0', { briefs: [{ ...brief, actions: [{ key: '–' }] }] }],
    ['comments.0', { comments: [{}, 'fine'] }],
    ['subtasks.0', { subtasks: [{ name: 'without instruction' }] }],
    ['briefs.0.document', { briefs: [{ ...brief, document: '../secrets' }] }],
    ['documents', { documents: 'none' }],
    ['documents.0', { documents: ['a text without a name'] }],
    ['documents.0', { documents: [{ name: 'Report' }] }],
    ['documents.0', { documents: [{ name: 'Report', content: 'x'.repeat(LIMITS.documentBytesMax + 1) }] }],
    ['documents.0.baseVersion', { documents: [{ name: 'Report', content: '', baseVersion: 1.5 }] }],
    ['goalMet', { goalMet: 'perhaps' }],
    ['nextRunInSeconds', { nextRunInSeconds: -1 }],
    ['nextRunInSeconds', { nextRunInSeconds: 'soon' }],
    ['memory', { memory: 'a\u0000' }],
    ['memory', { memory: 'x'.repeat(LIMITS.memoryBytesMax) }],
    ['usage', { usage: 12 }],
    ['usage.costUsd', { usage: { inputTokens: 1, costUsd: 'much' } }],
  ])('leaves out an optional field that does not fit, with a note: %s', (place, fields) => {
    const { outcome, notes } = read({ content: 'The report', ...fields });
    expect(outcome).toMatchObject({ kind: 'done', content: 'The report' });
    expect(notes).toEqual([expect.stringContaining(`${place} was left out`)]);
  });

  it.each([
    ['a priority of another scale', { ...brief, priority: 'High' }, { priority: 'urgent' }, /"urgent"/],
    ['a priority that says nothing', { ...brief, priority: 'blue' }, { priority: 'normal' }, /"normal"/],
    ['a type in another word', { ...brief, type: 'question' }, { type: 'decision' }, /"decision"/],
    ['a type that says nothing', { ...brief, type: 'joke' }, { type: 'insight' }, /"insight"/],
    [
      'a key that is no key',
      { ...brief, actions: [{ key: 'merge it', label: 'Merge' }] },
      { actions: [{ key: 'merge-it', label: 'Merge' }] },
      /"merge-it"/,
    ],
    [
      'its text as its content',
      { ...brief, summary: undefined, content: 'Four ships' },
      { summary: 'Four ships' },
      /content was taken as its summary/,
    ],
    ['a title that is too long', { ...brief, title: 'x'.repeat(900) }, {}, /title was cut to its first 200/],
  ])('keeps a brief with %s, and says what was made of it', (_what, said, kept, note) => {
    const { outcome, notes } = read({ content: 'The report', briefs: [said] });
    expect(outcome).toMatchObject({ content: 'The report', briefs: [kept] });
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  it.each([
    [
      'a brief that is only a text',
      { briefs: ['Full'] },
      { briefs: [{ ...brief, title: 'Full', summary: '' }] },
    ],
    ['a brief outside a list', { briefs: brief }, { briefs: [brief] }],
    ['a brief without a title', { briefs: [{ summary: '## Full\nof it' }] }, { briefs: [{ title: 'Full' }] }],
    [
      'options that are only texts',
      { briefs: [{ ...brief, actions: ['Merge it', 'Close'] }] },
      {
        briefs: [
          {
            actions: [
              { key: 'Merge-it', label: 'Merge it' },
              { key: 'Close', label: 'Close' },
            ],
          },
        ],
      },
    ],
    ['comments in objects', { comments: [{ content: 'Noted' }, 7] }, { comments: ['Noted', '7'] }],
    ['subtasks that are only texts', { subtasks: ['Do it'] }, { subtasks: [{ instruction: 'Do it' }] }],
    [
      'a document outside a list, its name with other spaces and capital letters',
      { documents: { name: ' memory ', content: 7, append: 'yes', baseVersion: '3' } },
      { documents: [{ name: 'Memory', content: '7', append: true, baseVersion: 3 }] },
    ],
    ['a truth in words', { goalMet: 'Yes' }, { goalMet: true }],
    ['a number for a text', { title: 7 }, { title: '7' }],
  ])('may hold %s', (_what, fields, kept) => {
    expect(read({ content: 'The report', ...fields }).outcome).toMatchObject({ kind: 'done', ...kept });
  });

  it('may be the one item of a list, as workflow tools send it', () => {
    expect(read([{ content: 'The report' }]).outcome).toMatchObject({ content: 'The report' });
  });

  it('keeps what fits beside what does not', () => {
    const { outcome } = read({
      content: 'The report',
      briefs: [{ type: 'insight' }, { ...brief, actions: [{}], key: {} }],
      comments: [{}, 'fine'],
      usage: { inputTokens: 1, outputTokens: [] },
    });
    expect(outcome).toMatchObject({ briefs: [brief], comments: ['fine'], usage: { inputTokens: 1 } });
  });

  it('may give a number as text, or with a fraction', () => {
    const { outcome, notes } = read({
      content: '',
      nextRunInSeconds: ' 3600 ',
      usage: { inputTokens: '12', outputTokens: 3.5, costUsd: '0.25' },
    });
    const usage = { inputTokens: 12, outputTokens: 4, costUsd: 0.25 };
    expect(outcome).toMatchObject({ nextRunInSeconds: 3_600, usage });
    expect(notes).toEqual([]);
  });

  it('may hold no more of a list than the limit, and says how much was left out', () => {
    const { outcome, notes } = read({
      content: '',
      briefs: Array.from({ length: LIMITS.briefsPerRunMax + 3 }, () => brief),
    });
    expect(outcome).toHaveProperty('briefs.length', LIMITS.briefsPerRunMax);
    expect(notes).toEqual([expect.stringContaining('3 of briefs')]);
  });

  it('has two actions of one key only once', () => {
    const actions = [
      { key: 'yes', label: 'Yes' },
      { key: 'yes', label: 'No' },
    ];
    const { outcome } = read({ content: '', briefs: [{ ...brief, actions }] });
    expect(outcome).toHaveProperty('briefs.0.actions', [{ key: 'yes', label: 'Yes' }]);
  });

  it('has only so many notes, however much does not fit', () => {
    const { notes } = read({ content: '', comments: Array.from({ length: 500 }, () => ({})) });
    expect(notes).toHaveLength(21);
    expect(notes.at(-1)).toContain('480 more');
  });

  it.each([
    ['is no object', 'text'],
    ['is null', null],
    ['is a list', []],
    ['has no content', {}],
    ['has content that is no text', { content: 5 }],
  ])('does not fit when it %s', (_what, value) => {
    expect(readAnswer(value, null)).toMatchObject({
      fits: false,
      problem: expect.stringMatching(/JSON|content/),
    });
  });

  it('is made storable and truncated to the limits', () => {
    const long = `\0\ud800${'x'.repeat(500_000)}`;
    const texts = { title: long, comments: [long], subtasks: [{ name: long, instruction: long }] };
    const documents = [{ name: 'Report', content: long.slice(0, 9) }];
    const briefs = [{ ...brief, title: long, summary: long, key: long }];
    const { outcome } = read({ content: long, ...texts, briefs, documents });
    expect(outcome).toMatchObject({ kind: 'done', content: expect.stringMatching(/…$/) });
    expectStorable(outcome);
    expectStorable(read({ status: 'error', content: long, errorMessage: long, errorCode: long }).outcome);
  });
});

describe('an answer that says that the run failed', () => {
  it.each([
    ['transient', 'api.example.com'],
    ['rate-limit', 'api.example.com'],
    ['agent', undefined],
    ['needs-person', undefined],
  ])('is about its agent where it lets the task wait (%s)', (failureClass, farSide) => {
    const reading = readAnswer({ status: 'error', failureClass }, null, { farSide: 'api.example.com' });
    expect(reading).toMatchObject({ fits: true, outcome: { kind: 'error', failureClass } });
    expect(reading.fits && reading.outcome).toHaveProperty('farSide', farSide);
  });

  it('keeps what it tells, and says that its wishes do not count', () => {
    const told = {
      briefs: [{ ...brief, key: 'seen' }],
      comments: ['Half of it is done'],
      subtasks: [{ instruction: 'Do the rest' }],
      documents: [{ name: 'Log', content: 'Half', append: true }],
    };
    const wishes = { goalMet: true, nextRunInSeconds: 60, memory: { seen: 1 } };
    const { outcome, notes } = read({ status: 'error', errorMessage: 'Out of paper', ...told, ...wishes });
    expect(outcome).toMatchObject({ kind: 'error', errorMessage: 'Out of paper', told });
    expect(notes).toEqual(
      Object.keys(wishes).map((name) => `${name} was left out of the answer: the run failed`),
    );
    expect(read({ status: 'error', goalMet: false, briefs: [] }).outcome).not.toHaveProperty('told.briefs');
  });

  it('may say why, and how long to wait', () => {
    const said = {
      errorCode: 'quota',
      errorMessage: 'Out of quota',
      failureClass: 'rate-limit',
      retryAfterSeconds: 90,
      usage: { inputTokens: 3 },
    };
    expect(read({ status: 'error', ...said }).outcome).toEqual({ kind: 'error', ...said });
  });

  it('is class agent unless it says otherwise, whatever it calls its code', () => {
    const { outcome } = read({ status: 'error', errorCode: 'agent_unreachable' });
    expect(outcome).toMatchObject({ errorCode: 'agent_unreachable', failureClass: 'agent' });
    expect(read({ status: 'error' }).outcome).toMatchObject({ errorCode: 'agent_error' });
  });

  it('is taken at its word where a class or a wait does not fit', () => {
    const { outcome, notes } = read({ status: 'error', failureClass: 'bad luck', retryAfterSeconds: 'soon' });
    expect(outcome).toMatchObject({ kind: 'error', failureClass: 'agent' });
    expect(notes).toHaveLength(2);
  });

  it.each([
    ['in another word', { status: 'Failed', content: 'Half of it' }],
    ['by its message alone', { errorMessage: 'No access', content: 'Half of it' }],
  ])('may say so %s', (_how, value) => {
    expect(read(value).outcome).toMatchObject({ kind: 'error', content: 'Half of it' });
  });

  it.each(['done', 'success', 'OK', 'completed'])('is none when the status says %s', (status) => {
    const { outcome } = read({ status, content: 'Fine', errorMessage: 'none' });
    expect(outcome).toMatchObject({ kind: 'done', content: 'Fine' });
  });
});
