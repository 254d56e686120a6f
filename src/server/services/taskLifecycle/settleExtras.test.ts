import type { AgentReport } from '@everbeat/agents';
import { type CompletionPlan, decideCompletion, LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { DONE } from '../../../../packages/domain/test/completions';
import { NOW, running, taskState } from '../../../../packages/domain/test/taskStates';
import type { OperationCompletion } from './completion';
import type { SettledReview } from './settledReview';
import { bringsUrgentBrief, reportHash, settleExtras } from './settleExtras';

let rows = 0;
const ids = { row: () => `row-${rows++}`, token: () => 'token', secret: () => 'secret' };
const NOTHING = { subtasks: [], messages: [], briefs: [] };

/** What settling a run with this report writes beside the state of its task. */
function settled(
  report: Partial<AgentReport> | null,
  changes: Partial<CompletionPlan> = {},
  {
    completion,
    review = null,
  }: { completion?: Partial<OperationCompletion>; review?: SettledReview | null } = {},
) {
  const state = running();
  const ended: OperationCompletion = {
    operationId: 'o',
    taskId: state.id,
    userId: 'u',
    topicId: 'c',
    status: 'done',
    errorCode: null,
    errorMessage: null,
    usage: null,
    transcript: [],
    report: report === null ? null : { content: '', ...report },
    ...completion,
  };
  const plan = { ...decideCompletion(state, DONE, NOW), ...changes };
  const written = { documents: [], messages: [], briefs: [] };
  return settleExtras(state, ended, plan, { created: NOTHING, written, review, spend: null, ids, now: NOW });
}
const brief = { type: 'insight', priority: 'normal', title: 'A ship', summary: 'It is red' } as const;

describe('a report', () => {
  it('asks the person where one of its briefs is urgent and no error', () => {
    const report = (changes: object) => ({ content: '', briefs: [brief, { ...brief, ...changes }] });
    expect(bringsUrgentBrief(report({ priority: 'urgent' }))).toBe(true);
    expect(bringsUrgentBrief(report({ priority: 'urgent', type: 'error' }))).toBe(false);
    expect(bringsUrgentBrief(report({}))).toBe(false);
    expect(bringsUrgentBrief({ content: '' })).toBe(false);
    expect(bringsUrgentBrief(null)).toBe(false);
  });

  it('is compared with the next one only where the task wants that', () => {
    const changes = taskState({ config: { report: 'changes' } });
    const hash = reportHash(changes, { content: 'Three ships' });
    expect(hash).toMatch(/^[\w-]{43}$/);
    expect(reportHash(changes, { content: 'Three ships' })).toBe(hash);
    expect(reportHash(changes, { content: 'Four ships' })).not.toBe(hash);
    expect(reportHash(changes, null)).toBeNull();
    expect(reportHash(taskState({ config: { report: 'always' } }), { content: 'x' })).toBeNull();
  });

  it('names its run by its title, or else by its first line, and is handed to the next run', () => {
    expect(settled({ content: '# Ships\nThree', title: 'Harbour' }).operation).toMatchObject({
      title: 'Harbour',
      handoff: '# Ships\nThree',
      is_undone: false,
    });
    expect(settled({ content: '# Ships\nThree' }).operation).toMatchObject({ title: 'Ships' });
    expect(settled(null).operation).toMatchObject({ title: null, handoff: null });
  });

  it('keeps what was remembered unless it has a memory', () => {
    expect(settled({}).memory).toBeNull();
    expect(settled({ memory: null }).memory).toEqual({ value: null });
  });

  it('has its comments within their limits', () => {
    const many = Array.from({ length: LIMITS.commentsPerRunMax + 1 }, (_, index) => `${index}`);
    const { comments = [] } = settled({ comments: ['x'.repeat(LIMITS.commentCharsMax + 1), ...many] });
    expect(comments).toHaveLength(LIMITS.commentsPerRunMax);
    expect(comments[0]).toMatchObject({ author: 'agent' });
    expect(comments[0]?.content).toHaveLength(LIMITS.commentCharsMax);
    expect(settled(null).comments).toEqual([]);
  });
});

describe('the briefs of a report', () => {
  const written = (...briefs: NonNullable<AgentReport['briefs']>) => settled({ briefs }).briefs ?? [];

  it('have a key once, so that a second one with it is a brief of its own', () => {
    const keyed = { ...brief, key: 'red ship' };
    expect(
      written(keyed, keyed, { ...keyed, type: 'result' }, { ...brief, key: '' }).map(({ key }) => key),
    ).toEqual(['red ship', null, 'red ship', null]);
  });

  it('keep what they name', () => {
    const pictures = ['0190a1b2-0000-7000-8000-000000000001'];
    expect(written({ ...brief, document: 'Log', pictures })).toMatchObject([
      { ...brief, document: 'Log', pictures, purpose: null },
    ]);
    expect(written(brief)).toMatchObject([{ document: null, pictures: null, key: null }]);
  });

  it('about a change lead to where is said what is watched, within the limit of options', () => {
    const actions = Array.from({ length: LIMITS.actionsPerBriefMax }, (_, index) => ({
      key: `k${index}`,
      label: `${index}`,
    }));
    const [found] = written({ ...brief, purpose: 'change', actions });
    expect(found?.actions).toHaveLength(LIMITS.actionsPerBriefMax);
    expect(found?.actions?.at(-1)).toEqual({
      key: 'edit-task',
      label: 'Edit what is watched',
      url: '/tasks/T-1?edit=true',
    });
  });

  it('are at most so many', () => {
    const many = Array.from({ length: LIMITS.briefsPerRunMax + 1 }, () => brief);
    expect(written(...many)).toHaveLength(LIMITS.briefsPerRunMax);
  });
});

describe('what the system asks or tells of a run itself', () => {
  const asked = (
    plan: Partial<CompletionPlan>,
    report: Partial<AgentReport> | null = { content: '# Ships' },
  ) => settled(report, plan).briefs ?? [];

  it('is nothing where the plan says nothing', () => {
    expect(asked({})).toEqual([]);
  });

  it('is for approval', () => {
    expect(asked({ asksApproval: true })).toMatchObject([
      {
        type: 'result',
        priority: 'normal',
        purpose: 'approval',
        title: 'T-1 is done',
        summary: '# Ships',
        actions: [{ key: 'approve' }, { key: 'feedback' }, { key: 'retry' }],
      },
    ]);
    expect(asked({ asksApproval: true }, { title: 'Harbour' })).toMatchObject([
      { title: 'Harbour', summary: 'The run ended without a report.' },
    ]);
  });

  it('is whether the goal is met', () => {
    expect(asked({ asksWhetherGoalIsMet: true })).toMatchObject([
      {
        type: 'decision',
        priority: 'urgent',
        purpose: 'goal',
        summary: '# Ships',
        actions: [{ key: 'complete' }, { key: 'continue' }],
      },
    ]);
  });

  it('is the report, by its title, its first line, or the name of the task', () => {
    expect(asked({ opensReport: true }, { title: 'Harbour', content: '# Ships' })).toMatchObject([
      { type: 'result', priority: 'normal', purpose: 'report', title: 'Harbour', summary: '# Ships' },
    ]);
    expect(asked({ opensReport: true })).toMatchObject([{ title: 'Ships' }]);
    expect(asked({ opensReport: true }, null)).toMatchObject([{ title: 'T-1 has run' }]);
  });

  it('is what to do about a cap, with the report', () => {
    expect(asked({ asksForBudget: true })).toMatchObject([
      { purpose: 'budget', summary: expect.stringMatching(/# Ships$/) },
    ]);
    expect(asked({ asksForBudget: true }, null)).toMatchObject([
      { summary: expect.stringMatching(/or stop the task\.$/) },
    ]);
  });

  const work: SettledReview = {
    completion: {
      operationId: 'o',
      taskId: 't',
      userId: 'u',
      topicId: 'c',
      status: 'done',
      report: null,
      errorCode: null,
      errorMessage: null,
      usage: null,
      transcript: [],
    },
    result: { workOperationId: 'w', iteration: 1, requirement: 'Short', verdict: 'passed', reasons: [] },
    work: null,
  };

  it('tells of the check of the work, which has its title and its report already', () => {
    const { briefs, operation } = settled({ content: '# Ships' }, { opensReport: true }, { review: work });
    expect(briefs).toMatchObject([{ summary: '# Ships\n\n---\n\n**The work passed its check.**' }]);
    expect(operation).toMatchObject({ title: null, handoff: null, review: { verdict: 'passed' } });
  });

  it('is what to do with work that did not pass', () => {
    const { briefs } = settled({ content: '# Ships' }, { asksAboutReview: true }, { review: work });
    expect(briefs).toMatchObject([{ purpose: 'review' }]);
    expect(settled({}, { asksAboutReview: true }).briefs).toEqual([]);
  });
});

describe('a run that failed', () => {
  const failed = { status: 'error', errorCode: 'c'.repeat(101), errorMessage: 'It broke' } as const;

  it('is stored with its cause, and opens its brief', () => {
    const plan = { failureBrief: 'open', failureClass: 'agent' } as const;
    const { operation, briefs, recover } = settled(null, plan, { completion: failed });
    expect(operation).toMatchObject({
      id: 'o',
      status: 'error',
      error_message: 'It broke',
      failure_class: 'agent',
      error_code: expect.stringMatching(/^c{99}…$/),
    });
    expect(briefs).toMatchObject([{ purpose: 'failure' }]);
    expect(recover).toEqual([]);
  });

  it('is followed by one that closes its brief', () => {
    expect(settled({}, { failureBrief: 'recover' }).recover).toEqual(['failure']);
    expect(settled({}, { failureBrief: 'recover' }).operation).toMatchObject({
      error_code: null,
      error_message: null,
    });
  });
});
