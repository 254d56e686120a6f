import type { DocumentVersion } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RecordedStep, RunStep, StepJournal } from '../port';
import { type AgentTool, ToolError } from '../tools/port';
import { type RequestedCall, runSteps } from './stepLoop';

/** A journal in memory that many processes use in turn, as they use the database. */
class Journal implements StepJournal {
  readonly steps: RecordedStep[] = [];
  /** How often it was written to. */
  writes = 0;
  /** The process ends right before this write, or right after it. */
  endsAt: { write: number; when: 'before' | 'after' } | null = null;
  yields = false;

  recorded = async () => structuredClone(this.steps);
  shouldYield = () => this.yields;
  /** The documents that were stored, by the steps that made them. */
  readonly documents: [index: number, document: DocumentVersion][] = [];
  /** How often somebody else makes the version first. */
  conflicts = 0;

  async writeDocument(steps: readonly RunStep[], document: DocumentVersion): Promise<boolean> {
    if (this.conflicts > 0) {
      this.conflicts -= 1;
      return false;
    }
    await this.write(steps);
    this.documents.push([steps.at(-1)?.index ?? -1, document]);
    return true;
  }

  stopSoon(): string {
    this.yields = true;
    return 'stopped';
  }

  async write(steps: readonly RunStep[]): Promise<null> {
    this.writes += 1;
    const isEnd = this.endsAt?.write === this.writes;
    if (isEnd && this.endsAt?.when === 'before') throw new ProcessEnded();
    for (const step of structuredClone(steps)) {
      const before = this.steps[step.index];
      const isOpen = before === undefined || ['started', 'waiting'].includes(before.status);
      if (!isOpen && !(before.kind === 'model' && before.status === 'failed'))
        throw new Error(`step ${step.index}, which is ${before.status}, is written again`);
      this.steps[step.index] = { ...step, answer: null };
    }
    if (isEnd) throw new ProcessEnded();
    return null;
  }
}

const callSchema = z.object({ name: z.string(), input: z.unknown(), problem: z.string().nullable() });
const resultSchema = z.object({ calls: z.array(callSchema) });

class ProcessEnded extends Error {}

interface Call {
  name: string;
  input: unknown;
  occurrence: string;
}

/** A model that asks for these calls, answer by answer, and then ends; and the tools that it has. */
function scripted(answers: RequestedCall[][], tools: Partial<AgentTool>[] = []) {
  const made: Call[] = [];
  const modelCalls: (readonly RunStep[])[] = [];
  const all = tools.map(
    (tool): AgentTool => ({
      name: 'send',
      description: '',
      inputSchema: {},
      readOnly: false,
      idempotent: false,
      policy: 'allow',
      execute: async (input, { occurrence }) => {
        made.push({ name: tool.name ?? 'send', input, occurrence });
        return `sent ${JSON.stringify(input)}`;
      },
      ...tool,
    }),
  );
  const run = (journal: Journal, modelCallsMax = 10) =>
    runSteps({
      journal,
      tools: all,
      occurrence: 'run',
      modelCallsMax,
      signal: new AbortController().signal,
      model: {
        name: 'a-model',
        goOnWith: () => undefined,
        costOf: () => ({ model: 'a-model', micros: 0, tokens: 0 }),
        async call(steps) {
          modelCalls.push(structuredClone(steps));
          const asked = steps.filter(({ kind, status }) => kind === 'model' && status === 'done').length;
          return { result: { calls: answers[asked] ?? [] }, usage: { inputTokens: 1 } };
        },
        callsOf: (result) => resultSchema.parse(result).calls,
      },
      firstInput: async () => ({ prompt: 'Do it' }),
      onToolEnd: () => undefined,
      describeFailure: () => 'failed',
      isFree: () => false,
    });
  return { run, made, modelCalls };
}

const send = (to: string): RequestedCall => ({ name: 'send', input: { to }, problem: null });

const shapes = (journal: Journal): string[] =>
  journal.steps.map(({ index, kind, name, status }) => `${index} ${kind} ${name} ${status}`);

describe('the steps of a run', () => {
  it('are gone on from with a prompt, also if that of the first one is gone', async () => {
    const journal = new Journal();
    const { run, modelCalls } = scripted([[send('ada')], []], [{}]);
    journal.endsAt = { write: 3, when: 'before' };
    await expect(run(journal)).rejects.toBeInstanceOf(ProcessEnded);
    const [first] = journal.steps;
    if (first !== undefined) first.input = null;
    journal.endsAt = null;
    await run(journal);
    expect(modelCalls.at(-1)?.[0]).toMatchObject({ status: 'done', input: { prompt: 'Do it' } });
  });

  it('are recorded in order, each call of a tool under a key of its own', async () => {
    const journal = new Journal();
    const { run, made } = scripted([[send('ada'), send('bob')], [send('cyd')], []], [{}]);
    const { kind } = await run(journal);
    expect(kind).toBe('ended');
    expect(shapes(journal)).toEqual([
      '0 model a-model done',
      '1 tool send done',
      '2 tool send done',
      '3 model a-model done',
      '4 tool send done',
      '5 model a-model done',
    ]);
    expect(made).toEqual([
      { name: 'send', input: { to: 'ada' }, occurrence: 'run:1' },
      { name: 'send', input: { to: 'bob' }, occurrence: 'run:2' },
      { name: 'send', input: { to: 'cyd' }, occurrence: 'run:4' },
    ]);
    expect(journal.steps[0]).toMatchObject({ input: { prompt: 'Do it' }, usage: { inputTokens: 1 } });
    expect(journal.steps[1]).toMatchObject({ input: { to: 'ada' }, result: { output: 'sent {"to":"ada"}' } });
  });

  it('cost one write each, and one at the end', async () => {
    const journal = new Journal();
    await scripted([[send('ada')], []], [{}]).run(journal);
    expect(journal.writes).toBe(journal.steps.length + 1);
  });

  it('end when the model has been called as often as it may', async () => {
    const journal = new Journal();
    const { run, modelCalls } = scripted([[send('ada')], [send('bob')], [send('cyd')]], [{}]);
    const { kind } = await run(journal, 2);
    expect([kind, modelCalls.length, journal.steps.length]).toEqual(['ended', 2, 4]);
  });

  it('show the model what it called in vain, and go on', async () => {
    const journal = new Journal();
    const fails = { name: 'fails', execute: () => Promise.reject(new ToolError('The box is full')) };
    const breaks = { name: 'breaks', execute: () => Promise.reject(new TypeError('secret')) };
    const calls: RequestedCall[] = [
      { name: 'fails', input: {}, problem: null },
      { name: 'breaks', input: {}, problem: null },
      { name: 'rocket', input: {}, problem: null },
      { name: 'send', input: {}, problem: 'no JSON' },
      { name: 'denied', input: {}, problem: null },
    ];
    const { run, made } = scripted([calls, []], [fails, breaks, {}, { name: 'denied', policy: 'deny' }]);
    await run(journal);
    expect(journal.steps.slice(1, 6).map(({ status, result }) => [status, result])).toEqual([
      ['failed', { output: 'The box is full' }],
      ['failed', { output: 'The tool failed (TypeError).' }],
      ['failed', { output: 'There is no tool "rocket".' }],
      ['failed', { output: 'no JSON' }],
      ['declined', { output: 'The person does not let you call this tool.' }],
    ]);
    expect(made).toEqual([]);
  });

  it('stop between two of them when the journal asks for it, and nothing is executed after that', async () => {
    const journal = new Journal();
    const stopping = { name: 'stop', execute: () => journal.stopSoon() };
    const { run, made } = scripted(
      [[{ name: 'stop', input: {}, problem: null }, send('ada')], []],
      [stopping, {}],
    );
    expect((await run(journal)).kind).toBe('yielded');
    expect([shapes(journal), made]).toEqual([['0 model a-model done', '1 tool stop done'], []]);

    journal.yields = false;
    expect((await run(journal)).kind).toBe('ended');
    expect(made).toMatchObject([{ occurrence: 'run:2' }]);
  });
});

describe('the first call of the model', () => {
  const found = (status: RunStep['status']): RecordedStep => ({
    index: 0,
    kind: 'model',
    name: 'a-model',
    status,
    policy: null,
    result: null,
    usage: null,
    input: { prompt: 'An older prompt' },
    answer: null,
  });

  it.each([
    ['is made with the stored prompt where its process is gone', 'started', 'An older prompt'],
    ['is made with a new prompt where it failed, because much may have changed since', 'failed', 'Do it'],
  ] as const)('%s', async (_name, status, prompt) => {
    const journal = new Journal();
    journal.steps.push(found(status));
    const { run, modelCalls } = scripted([[]]);
    await run(journal);
    expect(modelCalls[0]?.[0]?.input).toEqual({ prompt });
    expect(journal.steps[0]).toMatchObject({ status: 'done', input: { prompt } });
  });
});

describe('a run whose process ends', () => {
  const WRITES = 6;
  const moments = Array.from({ length: WRITES }, (_, at) =>
    (['before', 'after'] as const).map((when) => [when, at + 1] as const),
  ).flat();

  it.each(moments)('%s write %i goes on, and no completed step is repeated', async (when, write) => {
    const journal = new Journal();
    journal.endsAt = { write, when };
    const { run, made, modelCalls } = scripted([[send('ada'), send('bob')], [send('cyd')], []], [{}]);
    await expect(run(journal)).rejects.toThrow(ProcessEnded);
    const done = journal.steps.filter(({ status }) => status === 'done');

    journal.endsAt = null;
    expect((await run(journal)).kind).toBe('ended');

    expect(journal.steps.filter(({ index }) => done.some((step) => step.index === index))).toEqual(done);
    const keys = made.map(({ occurrence }) => occurrence);
    expect(new Set(keys).size).toBe(keys.length);
    expect(journal.steps.map(({ status }) => status)).not.toContain('started');
    expect(modelCalls.length).toBeLessThanOrEqual(4);
  });

  it.each([
    ['is not made again, and the model is told', {}, 1, 'unknown'],
    ['is made again under the same key, if it changes nothing', { readOnly: true }, 2, 'done'],
    ['is made again under the same key, if it is carried out once', { idempotent: true }, 2, 'done'],
  ] as const)('during a call: it %s', async (_what, traits, times, status) => {
    const journal = new Journal();
    // The write that ends the call, and begins the next one, is never made.
    journal.endsAt = { write: 3, when: 'before' };
    const { run, made, modelCalls } = scripted([[send('ada')], []], [traits]);
    await expect(run(journal)).rejects.toThrow(ProcessEnded);
    journal.endsAt = null;
    await run(journal);

    expect(made.map(({ occurrence }) => occurrence)).toEqual(Array(times).fill('run:1'));
    expect(journal.steps[1]?.status).toBe(status);
    const told = modelCalls.at(-1)?.[1]?.result;
    expect(JSON.stringify(told)).toContain(status === 'unknown' ? 'outcome of this call is unknown' : 'sent');
  });

  it('notes again what its tools had noted for the report, once', async () => {
    const journal = new Journal();
    let noted: unknown[] = [];
    const note = {
      name: 'note',
      execute: (input: unknown) => String(noted.push(input)),
      restore: (input: unknown) => void noted.push(input),
    };
    const { run } = scripted(
      [[{ name: 'note', input: 'a', problem: null }], [{ name: 'note', input: 'b', problem: null }], []],
      [note],
    );
    journal.endsAt = { write: 2, when: 'after' };
    await expect(run(journal)).rejects.toThrow(ProcessEnded);
    noted = [];
    journal.endsAt = null;
    await run(journal);
    expect(noted).toEqual(['a', 'b']);
  });
});

describe('a call that writes a document', () => {
  const call: RequestedCall = { name: 'write', input: 'a text', problem: null };
  const writing = (answers = [[call, send('ada')], []]) => {
    let version = 0;
    const noted: unknown[] = [];
    const execute = () => {
      version += 1;
      return { output: `version ${version}`, document: { ...DOCUMENT, version } };
    };
    const restore = (input: unknown) => void noted.push(input);
    return { ...scripted(answers, [{ name: 'write', execute, restore }, {}]), noted };
  };
  const DOCUMENT = { name: 'Report', content: 'a text', append: false };

  it('is recorded with its document, before anything else is done', async () => {
    const journal = new Journal();
    const { run, noted } = writing();
    await run(journal);
    expect(journal.documents).toEqual([[1, { ...DOCUMENT, version: 1 }]]);
    expect(journal.steps[1]).toMatchObject({ status: 'done', result: { output: 'version 1' } });
    expect([journal.writes, noted]).toEqual([journal.steps.length + 1, ['a text']]);
  });

  it('is made anew when somebody else has made the version meanwhile, and in the end is given up', async () => {
    const journal = new Journal();
    journal.conflicts = 2;
    await writing().run(journal);
    expect(journal.documents).toEqual([[1, { ...DOCUMENT, version: 3 }]]);

    const crowded = new Journal();
    crowded.conflicts = 100;
    await writing([[call], []]).run(crowded);
    expect(crowded.documents).toEqual([]);
    expect(crowded.steps[1]).toMatchObject({ status: 'failed' });
  });

  it.each([
    ['before it is recorded is made anew', 2, 'before', 1],
    ['after it was recorded is not made again', 2, 'after', 1],
  ] as const)('and whose process ends %s', async (_what, write, when, times) => {
    const journal = new Journal();
    journal.endsAt = { write, when };
    const first = writing();
    await expect(first.run(journal)).rejects.toThrow(ProcessEnded);
    journal.endsAt = null;
    const second = writing();
    await second.run(journal);
    expect(journal.steps.filter(({ name, status }) => name === 'write' && status === 'done')).toHaveLength(
      times,
    );
    expect(second.noted).toEqual(['a text']);
  });
});

describe('a call of a tool that asks first', () => {
  const asking = () => scripted([[send('ada'), send('bob')], []], [{ policy: 'ask' }]);
  const answer = (journal: Journal, action: string, comment: string | null = null) => {
    const step = journal.steps.at(-1);
    if (step !== undefined) step.answer = { action, comment };
  };

  it('is not made, and is recorded as waiting', async () => {
    const journal = new Journal();
    const { run, made } = asking();
    expect(await run(journal)).toMatchObject({ kind: 'waiting', step: { index: 1, input: { to: 'ada' } } });
    expect([shapes(journal), made]).toEqual([['0 model a-model done', '1 tool send waiting'], []]);
    // Whoever takes the run over without an answer asks again.
    expect((await run(journal)).kind).toBe('waiting');
    expect(made).toEqual([]);
  });

  it.each(['approve', 'always'])('is made once after %s, and the next one asks as well', async (action) => {
    const journal = new Journal();
    const { run, made } = asking();
    await run(journal);
    answer(journal, action);
    expect(await run(journal)).toMatchObject({ kind: 'waiting', step: { index: 2 } });
    expect(made).toEqual([{ name: 'send', input: { to: 'ada' }, occurrence: 'run:1' }]);
  });

  it.each(['decline', 'dismiss'])('is not made after %s, and the model reads the words', async (action) => {
    const journal = new Journal();
    const { run, made } = asking();
    await run(journal);
    answer(journal, action, 'Too early');
    await run(journal);
    expect(made).toEqual([]);
    expect(journal.steps[1]).toMatchObject({ status: 'declined' });
    expect(JSON.stringify(journal.steps[1]?.result)).toContain('Too early');
  });

  it('is unknown, and asked about no more, when its process ends while it is made', async () => {
    const journal = new Journal();
    const { run, made } = scripted([[send('ada')], []], [{ policy: 'ask' }]);
    await run(journal);
    answer(journal, 'approve');
    journal.endsAt = { write: journal.writes + 2, when: 'before' };
    await expect(run(journal)).rejects.toThrow(ProcessEnded);
    journal.endsAt = null;
    expect((await run(journal)).kind).toBe('ended');
    expect(journal.steps[1]).toMatchObject({ status: 'unknown' });
    expect(made).toHaveLength(1);
  });
});
