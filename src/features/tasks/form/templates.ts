import type { AgentView } from '@everbeat/domain';
import { emptyFields, type TaskFields } from './taskFields';

/** What a template fills in. */
const PRESETS = [
  'instruction',
  'automation',
  'every',
  'pattern',
  'report',
] as const satisfies (keyof TaskFields)[];
type Preset = (typeof PRESETS)[number];

/** A beginning that a person can choose. It is offered only where an agent is set up that can do it. */
export interface Template {
  key: string;
  label: string;
  /** Whether this agent, which can run, can do it. */
  fits: (agent: Pick<AgentView, 'kind' | 'config'>) => boolean;
  fields: Partial<Pick<TaskFields, Preset>>;
  /** What is left to type: shown in the empty field. */
  placeholder?: string;
}

/**
 * Whether a model agent may call this tool, at least after asking. Without a policy it may, but for a search,
 * which needs a service that not everybody has.
 */
function mayCall({ tools }: AgentView['config'], tool: string): boolean {
  const policies = new Map<string, unknown>(Object.entries(tools ?? {}));
  const policy = policies.get(tool) ?? (tool === 'search_web' ? 'deny' : 'allow');
  return policy === 'allow' || policy === 'ask';
}

const watches: Template['fits'] = ({ kind }) => kind === 'watch';
const reads =
  (...tools: string[]): Template['fits'] =>
  ({ kind, config }) =>
    kind === 'model' && tools.every((tool) => mayCall(config, tool));

export const TEMPLATES: readonly Template[] = [
  {
    key: 'page',
    label: 'Watch a page',
    fits: watches,
    fields: { automation: 'heartbeat', every: '15 minutes' },
    placeholder: 'https://example.com/news',
  },
  {
    key: 'price',
    label: 'Watch a price',
    fits: watches,
    fields: { automation: 'heartbeat', every: '1 hour' },
    placeholder: 'https://shop.example.com/mug',
  },
  {
    key: 'feed',
    label: 'Follow a feed',
    fits: watches,
    fields: { automation: 'heartbeat', every: '30 minutes' },
    placeholder: 'https://example.com/feed.xml',
  },
  {
    key: 'morning',
    label: 'Read a page for me each morning',
    fits: reads('read_page'),
    fields: {
      instruction:
        'Read https://news.ycombinator.com and tell me in five lines what is new since yesterday. Send a brief only if there is something that matters to me: programming, databases, open source.',
      automation: 'schedule',
      pattern: '0 8 * * 1-5',
    },
  },
  {
    key: 'topic',
    label: 'Keep notes about a subject',
    fits: reads('search_web', 'documents'),
    fields: {
      instruction:
        'Search the web for news about electric ferries. Keep the document “Electric ferries” up to date: one line for each news, with its date and its source. Send a brief only when there is something new.',
      automation: 'schedule',
      pattern: '0 7 * * *',
    },
  },
  {
    key: 'tests',
    label: 'Keep the tests of a repository green',
    fits: ({ kind, config }) =>
      kind === 'command' && typeof config.repository === 'string' && config.repository !== '',
    fields: {
      instruction:
        'Merge the newest commits of the branch main and run the tests. If one fails, find out why, repair it, and say in your report what was wrong. Change nothing else.',
      automation: 'schedule',
      pattern: '0 6 * * 1-5',
      report: 'changes',
    },
  },
  {
    key: 'own',
    label: 'Call my own agent',
    fits: ({ kind }) => kind === 'http',
    fields: { automation: 'heartbeat', every: '1 hour' },
    placeholder: 'What your agent is told in every run.',
  },
];

export interface Offer<Agent> {
  template: Template;
  agent: Agent;
}

/** The templates that can run with these agents, each with the first that can do it. */
export const offersFor = <Agent extends Pick<AgentView, 'kind' | 'config' | 'problem'>>(
  agents: readonly Agent[],
): Offer<Agent>[] =>
  TEMPLATES.flatMap((template) => {
    const agent = agents.find((candidate) => candidate.problem === null && template.fits(candidate));
    return agent === undefined ? [] : [{ template, agent }];
  });

/** The template that a form was begun with. */
export const templateOf = ({ template }: Pick<TaskFields, 'template'>): Template | undefined =>
  TEMPLATES.find(({ key }) => key === template);

/**
 * What changes in the form when `chosen` is begun with. What the template before it has filled in, and
 * `chosen` does not, is as in an empty form again, unless the person has changed it.
 */
export function presetsToSet(
  fields: Pick<TaskFields, Preset | 'template'>,
  chosen: Template,
): [Preset, TaskFields[Preset]][] {
  const empty = emptyFields('');
  const former = templateOf(fields);
  return PRESETS.flatMap((name): [Preset, TaskFields[Preset]][] => {
    const given = chosen.fields[name];
    if (given !== undefined) return [[name, given]];
    const isOfFormer = former?.fields[name] !== undefined && fields[name] === former.fields[name];
    return isOfFormer ? [[name, empty[name]]] : [];
  });
}
