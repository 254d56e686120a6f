import type { AgentView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { emptyFields, taskFieldsSchema } from './taskFields';
import { taskFormSchema } from './taskForm';
import { offersFor, presetsToSet, TEMPLATES, type Template } from './templates';

type Agent = Pick<AgentView, 'kind' | 'config' | 'problem'>;
const agent = (kind: Agent['kind'], config: Agent['config'] = {}, problem: string | null = null): Agent => ({
  kind,
  config,
  problem,
});
const keys = (...agents: Agent[]) => offersFor(agents).map(({ template }) => template.key);

describe('the templates of a new task', () => {
  it('are those that an agent is set up for that can run', () => {
    expect(keys(agent('watch'))).toEqual(['page', 'price', 'feed']);
    expect(keys(agent('model'))).toEqual(['morning']);
    expect(keys(agent('model', { tools: { read_page: 'deny' } }))).toEqual([]);
    expect(keys(agent('model', { tools: { search_web: 'allow' } }))).toEqual(['morning', 'topic']);
    expect(
      keys(agent('model', { tools: { read_page: 'deny', search_web: 'ask', documents: 'allow' } })),
    ).toEqual(['topic']);
    expect(keys(agent('command'), agent('command', { repository: 'harbour' }))).toEqual(['tests']);
    expect(keys(agent('http', {}, 'It has no address'))).toEqual([]);
  });

  it.each(TEMPLATES.map((template) => [template.key, template] as const))(
    '%s makes a form that can be sent once its text is there',
    (_, { fields }) => {
      const filled = { ...emptyFields('a'), agentKind: 'model', instruction: 'Count', ...fields } as const;
      expect(taskFormSchema.safeParse(filled).error).toBeUndefined();
    },
  );

  it('leave nothing behind when another is chosen, but what the person has changed', () => {
    const template = (key: string): Template | undefined => TEMPLATES.find((each) => each.key === key);
    const [tests, own] = [template('tests'), template('own')];
    if (tests === undefined || own === undefined) throw new Error('The templates have other keys');
    const filled = { ...emptyFields('a'), ...tests.fields, instruction: '', template: 'tests' };
    expect(presetsToSet(filled, own)).toEqual([
      ['automation', 'heartbeat'],
      ['every', '1 hour'],
      ['pattern', '0 9 * * 1-5'],
      ['report', 'agent'],
    ]);
    const changed = { ...filled, report: 'always', pattern: '0 6 * * 6' } as const;
    expect(presetsToSet(changed, own).map(([name]) => name)).toEqual(['automation', 'every']);
    const restored = taskFieldsSchema.parse(JSON.parse(JSON.stringify(filled)));
    expect(presetsToSet(restored, own), 'also from a draft').toEqual(presetsToSet(filled, own));
    const byHand = { ...emptyFields('a'), report: 'changes' } as const;
    expect(presetsToSet(byHand, own).map(([name]) => name)).toEqual(['automation', 'every']);
  });
});
