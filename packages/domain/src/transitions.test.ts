import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyState, anyStateThatIs, frozen, NOW, TOKEN, USER } from '../test/taskStates';
import { decideBriefResolution } from './briefResolution';
import {
  decideBlock,
  decideCancel,
  decideEdit,
  decideLook,
  decidePause,
  decideRepair,
  decideStart,
} from './commandDecisions';
import { decideCompletion } from './completionDecision';
import { decideUnlock } from './dependencies';
import { AppError } from './errors';
import type { TaskPlan } from './plan';
import { decideRollback } from './rollbackDecision';
import { toInstant } from './schedulerState';
import {
  ANSWER_TIMES,
  AUTOMATION_MODES,
  BRIEF_ACTIONS,
  BRIEF_PURPOSES,
  BRIEF_TYPES,
  REVIEW_VERDICTS,
  SETTLED_STATUSES,
  TASK_STATUSES,
  type TaskStatus,
} from './status';
import type { TaskState } from './taskState';
import { decideTick } from './tickDecision';
import { assertMay, mayTransition, TRANSITIONS, type TransitionName } from './transitions';
import { whyNoUndo } from './undoAnswer';

/** What else a decision looks at, beside the state. */
const anyOccasion = fc.record({
  // Those that change a task more often than the others.
  action: fc.oneof(
    fc.constantFrom(...BRIEF_ACTIONS),
    fc.constantFrom('approve', 'complete', 'accept', 'drop'),
  ),
  purpose: fc.oneof(fc.constantFrom(null, ...BRIEF_PURPOSES), fc.constantFrom('approval', 'goal', 'review')),
  type: fc.constantFrom(...BRIEF_TYPES),
  when: fc.constantFrom(...ANSWER_TIMES),
  end: fc.record({
    status: fc.constantFrom(...SETTLED_STATUSES),
    errorCode: fc.constant(null),
    errorMessage: fc.constant('It broke'),
    goalMet: fc.boolean(),
    nextRunInSeconds: fc.option(fc.integer()),
    bringsUrgentBrief: fc.boolean(),
    bringsBrief: fc.boolean(),
    reportHash: fc.constantFrom(null, 'hash', 'other'),
    verdict: fc.constantFrom(undefined, 'dropped', ...REVIEW_VERDICTS),
  }),
  edit: fc.record(
    { automationMode: fc.constantFrom(null, ...AUTOMATION_MODES), maxTopics: fc.constantFrom(null, 2) },
    { requiredKeys: [] },
  ),
});
type Occasion = typeof anyOccasion extends fc.Arbitrary<infer Value> ? Value : never;

const claim = (state: TaskState): { status: TaskStatus } | null =>
  decideTick(state, { userId: USER, tickToken: TOKEN }, NOW).run ? { status: 'running' } : null;

/**
 * Every decision that changes a status, by its name in the table. `claim-manual` is checked by a statement.
 */
const DECISIONS: [
  TransitionName,
  (state: TaskState, occasion: Occasion) => Pick<TaskPlan, 'status'> | null,
][] = [
  ['start', (state) => decideStart(state, NOW, 'start')],
  ['resume', (state) => decideStart(state, NOW, 'resume')],
  ['pause', (state) => decidePause(state)],
  ['cancel', (state) => decideCancel(state)],
  ['claim-tick', claim],
  ['settle', (state, { end }) => (state.operation === null ? null : decideCompletion(state, end, NOW))],
  ['rollback', (state) => (state.operation === null ? null : decideRollback(state, NOW))],
  ['edit', (state, { edit }) => decideEdit(state, { ...state, ...edit }, NOW)],
  [
    'resolve-brief',
    (state, { purpose, type, action, when }) =>
      purpose === 'dependency' || (purpose === 'budget' && action === 'stop')
        ? null
        : decideBriefResolution(
            state,
            { purpose, type, topicId: null },
            { action, when, until: toInstant(NOW) },
            NOW,
          ),
  ],
  [
    'stop',
    (state, { type, when }) =>
      decideBriefResolution(state, { purpose: 'budget', type, topicId: null }, { action: 'stop', when }, NOW),
  ],
  [
    'answer-dependency',
    (state, { type, action, when }) =>
      decideBriefResolution(state, { purpose: 'dependency', type, topicId: null }, { action, when }, NOW),
  ],
  ['unlock', (state) => decideUnlock(state, NOW)],
  ['look', (state) => decideLook(state, NOW)],
  ['block', (state) => (state.status === 'scheduled' ? decideBlock(state) : null)],
  ['repair', (state) => decideRepair(state, NOW)],
];

/** What the task is after an answer that can be taken back; that leads back to what it is now. */
function takenBack(state: TaskState, { purpose, type, action: key, when }: Occasion): TaskStatus | null {
  const brief = { purpose, type, topicId: null };
  const answer = { action: key, when, until: toInstant(NOW) };
  const isPossible = (plan: TaskPlan | null) => whyNoUndo(brief, { key }, plan, true) === null;
  return decided(() => {
    const plan = decideBriefResolution(state, brief, answer, NOW);
    return isPossible(plan) ? plan : null;
  });
}

/** Null: the decision changes nothing, or refuses in words. */
function decided(decide: () => Pick<TaskPlan, 'status'> | null): TaskStatus | null {
  try {
    return decide()?.status ?? null;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

const edge = (name: TransitionName, from: TaskStatus, to: TaskStatus): string => `${name}: ${from} → ${to}`;

const NAMES = [...DECISIONS.map(([name]) => name), 'claim-manual', 'undo-answer'] as const;
const TABLE = new Set(
  NAMES.flatMap((name) =>
    TRANSITIONS[name].from.flatMap((from) => TRANSITIONS[name].to.map((to) => edge(name, from, to))),
  ),
);

/** What the table lists only because it pairs all its `from` with all its `to`. */
const NEVER_DECIDED = [
  'resolve-brief: paused → failed',
  'resume: scheduled → backlog',
  'undo-answer: paused → paused',
];

/** The arrows of the state diagram, by their labels. Text in brackets explains. */
function drawnEdges(): string[] {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../ARCHITECTURE.md'), 'utf8');
  return [...text.matchAll(/^ {4}(\w+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, label = '']) =>
    label
      .replace(/ \([^)]*\)/g, '')
      .split(', ')
      .map((name) => `${name}: ${from} → ${to}`),
  );
}

describe('the table', () => {
  const decidedEdges = new Set<string>();

  beforeAll(() => {
    const states = fc.oneof(anyState, anyStateThatIs('scheduled', 'running')).map(frozen);
    fc.assert(
      fc.property(states, anyOccasion.map(frozen), (state, occasion) => {
        for (const [name, decide] of DECISIONS) {
          const to = decided(() => decide(state, occasion));
          if (to !== null) decidedEdges.add(edge(name, state.status, to));
        }
        for (const answer of [{}, { purpose: 'budget', action: 'stop' } as const]) {
          const answered = takenBack(state, { ...occasion, ...answer });
          if (answered !== null) decidedEdges.add(edge('undo-answer', answered, state.status));
        }
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  it('has a decision for every name', () => {
    expect(Object.keys(TRANSITIONS).toSorted()).toEqual([...NAMES].toSorted());
  });

  it('has every status change that is decided', () => {
    expect([...decidedEdges].filter((one) => !TABLE.has(one))).toEqual([]);
  });

  it('has no status change that is never decided, except those listed here', () => {
    const claimedByStatement = TRANSITIONS['claim-manual'].from.map((from) =>
      edge('claim-manual', from, 'running'),
    );
    const unreached = [...TABLE].filter((one) => !decidedEdges.has(one));
    expect(unreached.toSorted()).toEqual([...claimedByStatement, ...NEVER_DECIDED].toSorted());
  });

  it('matches the diagram in ARCHITECTURE.md, which omits unchanged statuses and rollbacks', () => {
    const isDrawn = (name: TransitionName, from: TaskStatus, to: TaskStatus): boolean =>
      name !== 'rollback' && from !== to && !NEVER_DECIDED.includes(edge(name, from, to));
    const expected = NAMES.flatMap((name) =>
      TRANSITIONS[name].from.flatMap((from) =>
        TRANSITIONS[name].to.filter((to) => isDrawn(name, from, to)).map((to) => edge(name, from, to)),
      ),
    );
    const drawn = drawnEdges();
    expect(drawn.filter((one) => !TABLE.has(one))).toEqual([]);
    expect(drawn.filter((one) => !one.startsWith('rollback')).toSorted()).toEqual(expected.toSorted());
  });

  it('lets a person run any task that is not running, and a message only a scheduled one', () => {
    const { 'claim-manual': byHand, 'claim-tick': byTick } = TRANSITIONS;
    expect([...byHand.from].toSorted()).toEqual(
      TASK_STATUSES.filter((status) => status !== 'running').toSorted(),
    );
    expect(byTick.from).toEqual(['scheduled']);
  });
});

describe('checking a transition', () => {
  it('accepts what the table lists', () => {
    expect(() => assertMay('resume', 'paused')).not.toThrow();
    expect(mayTransition('resume', 'paused', 'scheduled')).toBe(true);
    expect(mayTransition('resume', 'paused', 'completed')).toBe(false);
  });

  it('refuses anything else, naming the status', () => {
    const refusal = {
      name: 'AppError',
      code: 'invalid-transition',
      message: 'A task that is canceled cannot pause',
    };
    expect(() => assertMay('pause', 'canceled')).toThrow(expect.objectContaining(refusal));
  });

  it('says that a running task has a run in flight', () => {
    expect(() => assertMay('start', 'running')).toThrow(expect.objectContaining({ code: 'run-in-flight' }));
  });
});
