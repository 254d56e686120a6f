import type { FullCapView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { EVERY_HOUR, NOW, taskState } from '../../../../packages/domain/test/taskStates';
import { budgetBrief } from './budgetBriefs';

/** What a person is asked when a cap leaves no room. */

const state = taskState(EVERY_HOUR);
const full = (changes: Partial<FullCapView> = {}): FullCapView => ({
  scope: 'task',
  scopeId: state.id,
  cap: 'perDayUsd',
  name: 'T-1',
  timezone: 'Europe/Berlin',
  limit: 1_000_000,
  used: 980_000,
  asked: 50_000,
  ...changes,
});
const brief = (caps: FullCapView[], of = state) => budgetBrief(of, caps, '', NOW);
const options = (caps: FullCapView[], of = state) => brief(caps, of).actions?.map(({ label }) => label);

describe('the question about a full cap', () => {
  it('says what is used up, keeps the report, and offers to raise the cap, to wait or to stop', () => {
    expect(budgetBrief(state, [full()], '# What was found', NOW)).toMatchObject({
      type: 'decision',
      priority: 'urgent',
      purpose: 'budget',
      title: 'T-1 has stopped: its budget leaves no room today',
      summary: expect.stringMatching(
        /^- T-1 has used \$0\.98 of \$1\.00 today\..*\n\nWhat the run had found.*\n\n# What was found$/,
      ),
      actions: [
        {
          key: 'raise',
          label: 'Raise to $2.00 a day',
          raises: [{ scope: 'task', scopeId: state.id, cap: 'perDayUsd', from: 1, to: 2 }],
        },
        // Midnight in Berlin.
        { key: 'wait', label: 'Wait until 2 June', until: '2026-06-01T22:00:00.000Z' },
        { key: 'stop', label: 'Stop the task' },
      ],
    });
  });

  it('has no empty paragraph without a report', () => {
    expect(brief([full()]).summary).toMatch(/or stop the task\.$/);
  });

  it.each([
    ['its own', full(), 'its budget'],
    ['its parent', full({ scopeId: 'parent', name: 'T-7' }), 'the budget of T-7'],
    ['its agent', full({ scope: 'agent', scopeId: 'a', name: 'Reader' }), 'the budget of the agent "Reader"'],
    ['the owner', full({ scope: 'owner', scopeId: 'u', name: '' }), 'your budget for everything'],
  ])('says whose cap it is: %s', (_whose, cap, words) => {
    expect(brief([cap]).title).toBe(`T-1 has stopped: ${words} leaves no room today`);
  });

  it('offers no wait for a cap that never counts anew', () => {
    expect(options([full({ cap: 'totalUsd' })])).toEqual(['Raise to $2.00 in all', 'Stop the task']);
  });

  it('offers to go on with the next run where the cap is that of one run', () => {
    const perRun = full({ cap: 'perRunUsd' });
    expect(options([perRun])).toEqual(['Raise to $2.00 a run', 'Go on with the next run', 'Stop the task']);
    // There is no next run of a task without automation.
    expect(options([perRun], taskState())).toEqual(['Raise to $2.00 a run', 'Stop the task']);
  });
});
