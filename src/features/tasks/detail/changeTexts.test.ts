import { MASK } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { changeText } from './changeTexts';

const agents = new Map([['a-1', 'Harbour clerk']]);
const told = (field: string, from: string | number | boolean | null, to: string | number | boolean | null) =>
  changeText({ field, from, to }, agents);

describe('a change of a setting is told', () => {
  it.each([
    ['priority', 0, 1, 'Priority', 'No priority', 'Urgent'],
    ['heartbeatInterval', 900, 3_600, 'Interval', 'every 15 minutes', 'every hour'],
    ['heartbeatTimeout', 600, 90, 'A run counts as lost after', '10 minutes', '1 minute 30 seconds'],
    ['automationMode', null, 'schedule', 'When it runs', null, 'at fixed times'],
    ['agentId', 'a-1', 'gone', 'Agent', 'Harbour clerk', 'a deleted agent'],
    ['config.budget.perDayUsd', 1, 2.5, 'Budget for a day', '$1.00', '$2.50'],
    ['config.pacing.minSeconds', 60, null, 'Shortest wait the agent may choose', '1 minute', null],
    ['config.mayComplete', false, true, 'When the goal is met', 'Ask me', 'Complete the task'],
    [
      'config.report',
      'changes',
      'always',
      'Reports in the inbox',
      'When the report differs from the last one',
      'After every run',
    ],
    ['config.report', null, 'someNewRule', 'Reports in the inbox', null, 'someNewRule'],
    [
      'config.subtasks',
      'ask',
      'start',
      'Parts that the agent creates',
      'Ask me whether to start them',
      'Start them at once',
    ],
    ['config.absence', null, 'keep', 'While nobody looks at it', null, 'Keep its rhythm'],
    ['config.watch.ignoreText', '', 'ad', 'Ignores lines with', null, 'ad'],
    ['config.watch.someNewThing', 1, 2, 'some new thing', '1', '2'],
    ['parentTaskId', 'T-3', 'T-5', 'Part of', 'T-3', 'T-5'],
  ])('%s', (field, from, to, label, before, after) => {
    expect(told(field, from, to)).toEqual({ label, from: before, to: after, isHidden: false });
  });

  it('without the value of a secret', () => {
    const masked = `Authorization: ${MASK}`;
    expect(told('config.watch.headers', masked, masked).isHidden).toBe(true);
  });
});
