import { LIMITS, MEMORY_DOCUMENT, RECOVERED_ACTION } from '@everbeat/domain';
import type { Block } from './fence';
import type {
  BriefHistory,
  CommentHistory,
  Listed,
  MessageHistory,
  OwnDocument,
  SubtaskReference,
  TaskPromptContext,
  TaskReference,
  TaskWithDocuments,
  TaskWithResult,
  TopicHandoff,
} from './input';
import type { Entry, Section } from './section';
import { cleanCut, cleanText, quoted, safeIdentifier } from './untrusted';

/** What is known about the task, as sections in reading order, without empty ones. */
export function historySections(context: TaskPromptContext): Section[] {
  const { parent, siblings, subtasks, dependencies, topics, briefs, comments, conversation } = context;
  const parents = { items: parent === null ? [] : [parent], total: 0, totalIsFloor: false };
  const sections: Section[] = [
    memory(context.documents),
    otherDocuments(context.documents),
    history('Parent task, of which this task is a part', 'parent task', parents, parentEntry, 1),
    relatedDocuments('Documents of the parent task', parents.items),
    taskList('Other parts of the parent task', 'sibling task', siblings, referenceLine, 1),
    taskList('Subtasks of this task', 'older subtask', subtasks, subtaskLine, 2),
    results('Results of subtasks', subtasks.items),
    relatedDocuments('Documents of subtasks', subtasks.items),
    taskList('Tasks that this task depends on', 'dependency', dependencies, referenceLine, 1),
    results('Results of the tasks that this task depends on', dependencies.items),
    relatedDocuments('Documents of the tasks that this task depends on', dependencies.items),
    history('Earlier runs of this task, newest first', 'older run', topics, topicEntry, 4),
    history('Briefs to the person, newest first', 'older brief', briefs, briefEntry, 3),
    history('Comments on this task, newest first', 'older comment', comments, commentEntry, 3),
    history(
      'The earlier conversation that this run continues, oldest first',
      'older message',
      conversation,
      messageEntry,
      4,
      'oldest-first',
    ),
  ];
  return sections.filter((section) => section.total > 0);
}

const counted = <T>({ items, total, totalIsFloor }: Listed<T>) => ({
  total: Math.max(total, items.length),
  totalIsFloor,
});

function history<T>(
  heading: string,
  noun: string,
  list: Listed<T>,
  entryOf: (item: T) => Entry,
  weight: number,
  order: 'newest-first' | 'oldest-first' = 'newest-first',
): Section {
  const entries = list.items.map(entryOf);
  return { ...counted(list), heading, noun: plural(noun), weight, body: { kind: 'blocks', entries, order } };
}

function taskList<T>(
  heading: string,
  noun: string,
  list: Listed<T>,
  lineOf: (item: T) => string,
  weight: number,
): Section {
  const body = { kind: 'lines', label: 'tasks', lines: list.items.map(lineOf) } as const;
  return { ...counted(list), heading, noun: plural(noun), weight, body };
}

/** What other tasks have reported: their texts, each in a block of its own. */
function results(heading: string, tasks: readonly TaskWithResult[]): Section {
  const items = tasks.flatMap(({ identifier, status, result }): Entry[] => {
    const text = cleanText(result ?? '');
    return text === '' ? [] : [[{ label: `result of ${safeIdentifier(identifier)}, ${status}`, text }]];
  });
  const list = { items, total: items.length, totalIsFloor: false };
  return history(heading, 'older result', list, (entry) => entry, 3);
}

/** What the task keeps for its own later runs. */
function memory(documents: readonly OwnDocument[]): Section {
  const items = documents.flatMap(({ content, ...document }): Entry[] => {
    const text = cleanText(content ?? '');
    return text === '' ? [] : [[{ label: `memory, ${versionText(document)}`, text }]];
  });
  const list = { items, total: items.length, totalIsFloor: false };
  return history(`The document ${MEMORY_DOCUMENT} of this task`, 'memory', list, (entry) => entry, 4);
}

/** The other documents by name. The list is whole: there are few. */
function otherDocuments(documents: readonly OwnDocument[]): Section {
  const lines = documents
    .filter(({ name }) => name !== MEMORY_DOCUMENT)
    .map((document) => `${quoted(document.name, LIMITS.documentNameCharsMax)}, ${versionText(document)}`);
  return {
    heading: 'Other documents of this task',
    noun: plural('document'),
    weight: 1,
    total: lines.length,
    totalIsFloor: false,
    body: { kind: 'lines', label: 'documents', lines },
  };
}

const versionText = ({
  version,
  bytes,
  updatedAt,
  updatedBy,
}: Omit<OwnDocument, 'name' | 'content'>): string =>
  `version ${version}, ${bytes} bytes, ${updatedBy === 'user' ? 'by the person' : 'by an earlier run'}, ${updatedAt.toISOString()}`;

/** What other tasks keep up to date, each document in a block of its own. */
function relatedDocuments(heading: string, tasks: readonly TaskWithDocuments[]): Section {
  const items = tasks.flatMap(({ identifier, documents }) =>
    documents.flatMap(({ name, content, updatedAt }): Entry[] => {
      const text = cleanText(content);
      const label = `document of ${safeIdentifier(identifier)}, ${updatedAt.toISOString()}, with its name on the first line`;
      return text === ''
        ? []
        : [[{ label, text: `${cleanCut(name, LIMITS.documentNameCharsMax)}\n\n${text}` }]];
    }),
  );
  const list = { items, total: items.length, totalIsFloor: false };
  return history(heading, 'older document', list, (entry) => entry, 2);
}

const plural = (one: string) => ({ one, many: one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s` });

const referenceLine = ({ identifier, name, status }: TaskReference): string =>
  `${safeIdentifier(identifier)} (${status}) ${quoted(name, LIMITS.nameCharsMax)}`;

function subtaskLine(subtask: SubtaskReference): string {
  const waitsFor = subtask.waitsFor.map(
    ({ identifier, status }) => `${safeIdentifier(identifier)} (${status})`,
  );
  return `${referenceLine(subtask)}${waitsFor.length > 0 ? `, waits for ${waitsFor.join(', ')}` : ''}`;
}

const parentEntry = (parent: TaskReference & { instruction: string }): Entry => [
  {
    label: `name and instruction of the parent task ${safeIdentifier(parent.identifier)}, ${parent.status}`,
    text: paragraphs(cleanCut(parent.name, LIMITS.nameCharsMax), cleanText(parent.instruction)),
  },
];

const topicEntry = (topic: TopicHandoff): Entry => [
  {
    label: `handoff of run ${topic.number}, ${topic.trigger}, ${topic.status}, ${topic.createdAt.toISOString()}`,
    text: paragraphs(
      cleanCut(topic.title ?? '', LIMITS.nameCharsMax),
      cleanText(topic.handoff ?? ''),
      topic.error === null ? '' : `Error: ${cleanText(topic.error)}`,
    ),
  },
];

function briefEntry(brief: BriefHistory): Entry {
  const { type, priority, occurrences, createdAt, resolution } = brief;
  const repeated = occurrences > 1 ? `, ${occurrences} times` : '';
  const block: Block = {
    label: `brief, ${priority} ${type}, ${createdAt.toISOString()}${repeated}, ${resolutionText(resolution)}`,
    text: paragraphs(cleanCut(brief.title, LIMITS.briefTitleCharsMax), cleanText(brief.summary)),
  };
  return [block, ...answerBlocks(resolution)];
}

/** Nobody has answered in time, and the brief names no option for this case. */
const isLeftOpen = ({ isUnanswered, isDefault }: NonNullable<BriefHistory['resolution']>): boolean =>
  isUnanswered === true && isDefault !== true;

/** What the person chose, as it read on the button, and what they wrote. */
function answerBlocks(resolution: BriefHistory['resolution']): Block[] {
  if (resolution === null || resolution.action === RECOVERED_ACTION) return [];
  if (isLeftOpen(resolution)) return [];
  const choice =
    resolution.action === 'dismiss' ? '' : cleanText(resolution.label ?? resolution.action ?? '');
  const comment = cleanText(resolution.comment ?? '');
  const chosen = resolution.isUnanswered
    ? 'the option of this brief that was chosen because nobody answered in time'
    : 'the option of this brief that the person chose';
  const blocks = [
    { label: chosen, text: choice },
    { label: "the person's answer to this brief", text: comment },
  ];
  return blocks.filter(({ text }) => text !== '');
}

function resolutionText(resolution: BriefHistory['resolution']): string {
  if (resolution === null) return 'not answered yet';
  const at = resolution.at.toISOString();
  if (resolution.action === RECOVERED_ACTION) return `closed by itself, because its cause is over, ${at}`;
  if (isLeftOpen(resolution)) return `not answered in time, so nothing was chosen, ${at}`;
  if (resolution.isUnanswered) return `not answered in time, so its default was chosen, ${at}`;
  if (resolution.action === 'dismiss') return `closed by the person without an answer, ${at}`;
  return `answered by the person, ${at}`;
}

const commentEntry = ({ author, content, createdAt }: CommentHistory): Entry => [
  {
    label: `comment by ${author === 'user' ? 'the person' : 'an earlier run'}, ${createdAt.toISOString()}`,
    text: cleanText(content),
  },
];

const MESSAGE_LABELS = {
  user: 'message to the agent',
  assistant: 'message by the agent',
  tool: 'result of a tool',
} as const;

const messageEntry = ({ role, content, createdAt }: MessageHistory): Entry => [
  { label: `${MESSAGE_LABELS[role]}, ${createdAt.toISOString()}`, text: cleanText(content) },
];

const paragraphs = (...parts: string[]): string => parts.filter((part) => part !== '').join('\n\n');
