import type { AgentReport } from '@everbeat/agents';
import {
  type BriefWrite,
  type Queryable,
  readSubtaskSituation,
  type SubtaskSituation,
} from '@everbeat/database';
import {
  actionsOf,
  type BriefActionView,
  LIMITS,
  shortName,
  storableText,
  type TaskState,
} from '@everbeat/domain';
import { briefWrite } from './briefWrites';
import { armedNow, type TaskWriteExtras, type WriteContext } from './planWrite';

export type CreatedSubtasks = Required<Pick<TaskWriteExtras, 'subtasks' | 'messages' | 'briefs'>>;

const NOTHING_OPEN: SubtaskSituation = { open: 0, depth: 1, asked: [] };

/** Null: the report has none, so that nothing has to be read. */
export const situationOf = async (
  db: Queryable,
  taskId: string,
  report: AgentReport | null,
): Promise<SubtaskSituation> =>
  (report?.subtasks ?? []).length === 0 ? NOTHING_OPEN : readSubtaskSituation(db, taskId);

/**
 * The subtasks that an agent creates (PROTOCOL §4): they start at once, are asked about with one brief, or
 * stay in the backlog, as `config.subtasks` of the task says. What exceeds the limits is refused, and both
 * the transcript and the brief say so.
 */
export function createdSubtasks(
  state: TaskState,
  report: AgentReport | null,
  situation: SubtaskSituation,
  context: WriteContext,
): CreatedSubtasks {
  const wanted = (report?.subtasks ?? []).slice(0, LIMITS.subtasksPerRunMax);
  const isTooDeep = situation.depth >= LIMITS.ancestorsDepthMax;
  const room = isTooDeep ? 0 : Math.max(0, LIMITS.openSubtasksMax - situation.open);
  const rule = state.config.subtasks ?? 'ask';
  const subtasks = wanted.slice(0, room).map(({ name, instruction }) => ({
    id: context.ids.row(),
    name: storableText(name ?? shortName(instruction, LIMITS.madeNameCharsMax), LIMITS.nameCharsMax),
    instruction: storableText(instruction, LIMITS.instructionCharsMax),
    scheduler: rule === 'start' ? armedNow(context) : null,
  }));
  const refused = wanted.length - subtasks.length;
  const note = refused === 0 ? null : refusalNote(refused, isTooDeep);
  const asked = rule === 'ask' ? subtasks : [];
  const briefs =
    asked.length > 0 || note !== null ? [subtasksBrief(state, { asked, note, situation }, context)] : [];
  const messages = note === null ? [] : [{ id: context.ids.row(), role: 'tool' as const, content: note }];
  return { subtasks, messages, briefs };
}

function refusalNote(refused: number, isTooDeep: boolean): string {
  const what = refused === 1 ? 'One subtask was refused' : `${refused} subtasks were refused`;
  return isTooDeep
    ? `${what}: tasks nest at most ${LIMITS.ancestorsDepthMax} deep.`
    : `${what}: its task has ${LIMITS.openSubtasksMax} open ones. Complete or cancel some first.`;
}

interface Asked {
  asked: readonly { id: string; name: string; instruction: string }[];
  note: string | null;
  situation: SubtaskSituation;
}

/**
 * The brief is of priority `normal`, so that the parent's loop goes on meanwhile: its next run needs no
 * answer, and nothing is lost by waiting. Without anything to start it only says what was refused.
 */
function subtasksBrief(
  { identifier }: TaskState,
  { asked, note, situation }: Asked,
  { ids }: WriteContext,
): BriefWrite {
  const parts = [...situation.asked, ...asked];
  const count = parts.length === 1 ? 'this part' : `these ${parts.length} parts`;
  const isQuestion = parts.length > 0;
  const list = parts.map((part) => `- ${partText(part)}`).join('\n');
  return briefWrite(ids, {
    type: isQuestion ? 'decision' : 'insight',
    priority: 'normal',
    title: isQuestion ? `${identifier}: start ${count}?` : `${identifier} wants more parts than it may have`,
    summary: [list, note ?? ''].filter((text) => text !== '').join('\n\n'),
    actions: isQuestion ? startActions(parts.length) : actionsOf('acknowledge'),
    purpose: 'subtasks',
    subjectIds: asked.map(({ id }) => id),
  });
}

const startActions = (count: number): BriefActionView[] => [
  { key: 'start', label: count === 1 ? 'Start it' : 'Start them' },
  ...actionsOf('keep'),
  { key: 'drop', label: count === 1 ? 'Drop it' : 'Drop them' },
];

/** The name of a part, and how its instruction begins: by that a person sees what they would start. */
function partText({ name, instruction }: { name: string; instruction: string }): string {
  const flat = instruction.replaceAll(/\s+/g, ' ').trim();
  const isLong = flat.length > LIMITS.excerptCharsMax;
  const beginning = isLong ? `${storableText(flat, LIMITS.excerptCharsMax - 1)}…` : flat;
  return beginning.startsWith(name.replace(/…$/, ''))
    ? inMarkdown(beginning)
    : `${inMarkdown(name)}: ${inMarkdown(beginning)}`;
}

/** The name of a task as text on one line, whatever an agent has put into it. */
const inMarkdown = (name: string): string =>
  name.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&');
