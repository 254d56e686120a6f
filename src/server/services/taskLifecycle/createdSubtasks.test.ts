import { LIMITS, type TaskConfig } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { NOW, taskState } from '../../../../packages/domain/test/taskStates';
import { createdSubtasks } from './createdSubtasks';

let rows = 0;
const ids = { row: () => `row-${rows++}`, token: () => 'token-1', secret: () => 'secret' };
const context = { ids, now: NOW, scheduler: { messageIdOf: () => 'message-1' } };

const part = (name: string) => ({ name, instruction: `Do ${name}` });
const NOTHING_YET = { open: 0, depth: 1, asked: [] as ReturnType<typeof part>[] };
const created = (
  subtasks: { name?: string; instruction: string }[],
  { situation = NOTHING_YET, rule }: { situation?: typeof NOTHING_YET; rule?: TaskConfig['subtasks'] } = {},
) =>
  createdSubtasks(
    taskState({ config: rule === undefined ? {} : { subtasks: rule } }),
    { content: '', subtasks },
    situation,
    context,
  );

describe('the subtasks that an agent creates', () => {
  it('are none of a report without any', () => {
    const none = { subtasks: [], messages: [], briefs: [] };
    expect(created([])).toEqual(none);
    expect(createdSubtasks(taskState(), null, NOTHING_YET, context)).toEqual(none);
  });

  it('are asked about with one brief, and rest until it is answered', () => {
    const { subtasks, briefs, messages } = created([part('A'), part('B')]);
    expect(subtasks).toMatchObject([{ ...part('A'), scheduler: null }, part('B')]);
    expect(briefs).toMatchObject([
      {
        type: 'decision',
        priority: 'normal',
        purpose: 'subtasks',
        title: 'T-1: start these 2 parts?',
        summary: '- A: Do A\n- B: Do B',
        subjectIds: subtasks.map(({ id }) => id),
        actions: [
          { key: 'start', label: 'Start them' },
          { key: 'keep' },
          { key: 'drop', label: 'Drop them' },
        ],
      },
    ]);
    expect(messages).toEqual([]);
  });

  it('are asked about as one where it is one, beside those that were asked about before', () => {
    expect(created([part('A')]).briefs).toMatchObject([
      {
        title: 'T-1: start this part?',
        actions: [{ label: 'Start it' }, { key: 'keep' }, { label: 'Drop it' }],
      },
    ]);
    const situation = { ...NOTHING_YET, asked: [part('Before')] };
    expect(created([part('A')], { situation }).briefs).toMatchObject([
      { title: 'T-1: start these 2 parts?', summary: '- Before: Do Before\n- A: Do A' },
    ]);
  });

  it('are shown by their names as text, whatever an agent has put into them', () => {
    expect(created([{ name: '[A](http://x)\n# B', instruction: '*Do* it' }]).briefs[0]?.summary).toBe(
      '- \\[A\\]\\(http://x\\) \\# B: \\*Do\\* it',
    );
    expect(created([{ instruction: 'Do it.' }]).briefs[0]?.summary).toBe('- Do it.');
    const [long] = created([
      { name: 'Tidy', instruction: `Tidy up. ${'Then delete all. '.repeat(50)}` },
    ]).briefs;
    expect(long?.summary).toMatch(/^- Tidy up. Then delete all. .{150,}…$/);
  });

  it('start at once where the task lets them', () => {
    const { subtasks, briefs } = created([part('A')], { rule: 'start' });
    expect(briefs).toEqual([]);
    expect(subtasks[0]?.scheduler).toMatchObject({
      tickToken: 'token-1',
      tickMessageId: 'message-1',
      trigger: 'manual',
      consecutiveFailures: 0,
      scheduledAt: NOW.toISOString(),
      dueAt: NOW.toISOString(),
    });
  });

  it('rest unasked where the task says so', () => {
    expect(created([part('A')], { rule: 'backlog' })).toMatchObject({
      subtasks: [{ scheduler: null }],
      briefs: [],
    });
  });

  it('are named by their instruction where they have no name, within the limits', () => {
    const { subtasks } = created([
      { instruction: 'Count the ships. All of them.' },
      { name: 'n'.repeat(300), instruction: 'i'.repeat(LIMITS.instructionCharsMax + 1) },
    ]);
    expect(subtasks[0]?.name).toBe('Count the ships');
    expect(subtasks[1]?.name).toHaveLength(LIMITS.nameCharsMax);
    expect(subtasks[1]?.instruction).toHaveLength(LIMITS.instructionCharsMax);
  });
});

describe('subtasks beyond the limits', () => {
  const full = { ...NOTHING_YET, open: LIMITS.openSubtasksMax - 1 };

  it('are refused, and the transcript and the brief say so', () => {
    const { subtasks, briefs, messages } = created([part('A'), part('B')], { situation: full });
    const note = 'One subtask was refused: its task has 20 open ones. Complete or cancel some first.';
    expect(subtasks).toHaveLength(1);
    expect(messages).toMatchObject([{ role: 'tool', content: note }]);
    expect(briefs).toMatchObject([{ summary: `- A: Do A\n\n${note}` }]);
  });

  it('are counted where they are several, also where nothing is asked', () => {
    const tooDeep = { ...NOTHING_YET, depth: LIMITS.ancestorsDepthMax };
    const { subtasks, briefs } = created([part('A'), part('B')], { situation: tooDeep, rule: 'start' });
    expect(subtasks).toEqual([]);
    expect(briefs).toMatchObject([
      {
        type: 'insight',
        title: 'T-1 wants more parts than it may have',
        subjectIds: [],
        summary: '2 subtasks were refused: tasks nest at most 20 deep.',
        actions: [{ key: 'acknowledge' }],
      },
    ]);
  });

  it('are refused all where there are more open ones than an agent may have', () => {
    const situation = { ...NOTHING_YET, open: LIMITS.openSubtasksMax + 5 };
    expect(created([part('A')], { situation }).subtasks).toEqual([]);
    const atTheLimit = { ...NOTHING_YET, depth: LIMITS.ancestorsDepthMax - 1 };
    expect(created([part('A')], { situation: atTheLimit }).subtasks).toHaveLength(1);
  });

  it('of one run are left out', () => {
    const many = Array.from({ length: LIMITS.subtasksPerRunMax + 1 }, (_, index) => part(`${index}`));
    const { subtasks, messages } = created(many);
    expect([subtasks.length, messages.length]).toEqual([LIMITS.subtasksPerRunMax, 0]);
  });
});
