import { LIMITS, type RelatedTask, storableText, type TaskRelation, type ToolPolicy } from '@everbeat/domain';
import { z } from 'zod';
import type { TaskReader, ViewedTask } from '../../port';
import { fenced } from '../../shared/markdown';
import { inputSchemaOf, readInput } from '../../tools/input';
import { type AgentTool, ToolError } from '../../tools/port';

const REF_CHARS_MAX = 64;
const VIEW = z.object({
  task: z.string().trim().max(REF_CHARS_MAX).describe('As list_tasks shows it, such as "T-12"'),
});

/** How much of each list a view shows, and how much of each text. */
const SHOWN = { reports: 5, briefs: 10, comments: 10, textChars: 1_500, instructionChars: 4_000 } as const;

const RELATIONS: Record<TaskRelation, string> = {
  own: 'this task',
  parent: 'the parent of this task',
  subtask: 'a subtask of this task',
  dependency: 'this task depends on it',
};

/**
 * The tasks around the task of a run: its parent, its subtasks, and what it depends on. Of other tasks of the
 * same person a model reads nothing. What they hold was written by others, so it stands in a fence.
 */
export function taskTools(tasks: TaskReader, policy: ToolPolicy = 'allow'): AgentTool[] {
  const kept = { readOnly: true, idempotent: true, policy } as const;
  return [
    {
      ...kept,
      name: 'list_tasks',
      description: 'List this task, its parent, its subtasks and what it depends on, with how each stands.',
      inputSchema: inputSchemaOf(z.object({})),
      execute: async () => material('list_tasks', (await tasks.related()).map(lineOf).join('\n')),
    },
    {
      ...kept,
      name: 'view_task',
      description:
        'View one of the tasks that list_tasks shows: its instruction, its last reports, briefs and comments, and the names of its documents (read_document reads them).',
      inputSchema: inputSchemaOf(VIEW),
      execute: async (input) => {
        const related = await findTask(tasks, readInput(VIEW, input).task);
        const viewed = await tasks.view(related.id);
        if (viewed === null) throw new ToolError(`${related.identifier} is not there any more.`);
        return material('view_task', viewText(related, viewed));
      },
    },
  ];
}

/** The related task of this name. @throws ToolError */
export async function findTask(tasks: TaskReader, name: string): Promise<RelatedTask> {
  const wanted = name.trim().toLowerCase();
  const all = await tasks.related();
  const found = all.find(({ id, identifier }) => [id, identifier.toLowerCase()].includes(wanted));
  if (found !== undefined) return found;
  throw new ToolError(
    `${name} is neither this task nor one that belongs together with it. list_tasks shows those.`,
  );
}

const material = (tool: string, text: string): string =>
  fenced(storableText(text, LIMITS.toolResultCharsMax - FENCE_CHARS), `material from ${tool}`);
/** Room for the fence. */
const FENCE_CHARS = 200;

const lineOf = ({ identifier, name, status, relation }: RelatedTask): string =>
  `- ${identifier} (${RELATIONS[relation]}, ${status}): ${name}`;

function viewText(task: RelatedTask, viewed: ViewedTask): string {
  const { instruction, error, reports, briefs, comments, documents } = viewed;
  return [
    `${task.identifier}: ${task.name}\n(${RELATIONS[task.relation]}, ${task.status})`,
    `Instruction:\n${shortened(instruction, SHOWN.instructionChars)}`,
    ...(error === null ? [] : [`Its last error: ${shortened(error)}`]),
    listOf(
      'Reports, the newest first',
      reports.slice(0, SHOWN.reports).map(({ number, status, at, title, text }) => {
        const head = [`Run ${number}`, status, at.toISOString()].join(', ');
        return `${head}${title === null ? '' : `: ${title}`}\n${shortened(text ?? '(no report)', LIMITS.handoffCharsMax)}`;
      }),
    ),
    listOf(
      'Briefs, the newest first',
      briefs
        .slice(0, SHOWN.briefs)
        .map(
          ({ type, title, summary, answer }) =>
            `${type}: ${title}\n${shortened(summary)}${answer === null ? '' : `\nAnswered: ${shortened(answer)}`}`,
        ),
    ),
    listOf(
      'Comments, the newest first',
      comments.slice(0, SHOWN.comments).map(({ author, text }) => `${author}: ${shortened(text)}`),
    ),
    documents.length === 0 ? '' : `Documents: ${documents.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const listOf = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `${title}:\n\n${items.map((item) => `- ${item}`).join('\n')}`;

const shortened = (text: string, charsMax: number = SHOWN.textChars): string => storableText(text, charsMax);
