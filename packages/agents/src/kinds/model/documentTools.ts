import {
  type AgentDocument,
  type DocumentHead,
  type DocumentVersion,
  decideDocuments,
  documentNameSchema,
  errorMessage,
  isSameName,
  LIMITS,
  MEMORY_DOCUMENT,
  type StoredDocument,
} from '@everbeat/domain';
import { z } from 'zod';
import type { DocumentReader, TaskReader } from '../../port';
import { readDocument } from '../../shared/answer';
import { FieldReader, isObject } from '../../shared/fieldReader';
import { fenced } from '../../shared/markdown';
import { inputSchemaOf } from '../../tools/input';
import { type AgentTool, ToolError } from '../../tools/port';
import { findTask } from './taskTools';

/** As much of a document as one call returns: less than a result may have. */
const PART_CHARS_MAX = 40_000;

const NAME = z.string().max(LIMITS.documentNameCharsMax);
const TASK = z.string().max(64).optional().describe('Of another task than this one, such as "T-12"');
const READ = z.object({
  name: NAME,
  task: TASK,
  from: z.int().min(0).optional().describe('Begins at this character; for the further parts of a long one'),
});
const WRITE = z.object({
  name: NAME.describe(`"${MEMORY_DOCUMENT}" is what your later runs read in their prompt`),
  content: z.string().describe(`Markdown, at most ${LIMITS.documentBytesMax} bytes`),
  append: z
    .boolean()
    .optional()
    .describe('Adds the text at the end, instead of replacing the whole document'),
  baseVersion: z
    .int()
    .min(0)
    .optional()
    .describe('The version that your text was made from; 0 for a document that is to be new'),
});

/** How often a run has written into documents, its earlier processes included. */
export interface DocumentWrites {
  count: number;
}

interface DocumentNeeds {
  documents: DocumentReader;
  /** The tasks whose documents may be read as well. */
  tasks?: TaskReader | undefined;
  operationId: string;
}

/**
 * The documents of the task. What the model writes is stored in the commit that records the call, and a text
 * that cannot be stored is refused while the model can do something about it. `writes` counts what was
 * written.
 */
export function documentTools(
  { documents, tasks, operationId }: DocumentNeeds,
  writes: DocumentWrites,
): AgentTool[] {
  const kept = { policy: 'allow', idempotent: true, readOnly: true } as const;
  return [
    {
      ...kept,
      name: 'list_documents',
      description:
        'List the documents of this task, or of one of those that list_tasks shows: reports that it keeps up to date, and its memory.',
      inputSchema: inputSchemaOf(z.object({ task: TASK })),
      execute: async (input) => listed(await (await readerOf(input, documents, tasks)).list()),
    },
    {
      ...kept,
      name: 'read_document',
      description: 'Read a document of this task, or of one of those that list_tasks shows.',
      inputSchema: inputSchemaOf(READ),
      execute: async (input) => {
        const fields = new FieldReader(isObject(input) ? input : {});
        const name = fields.optional('name', documentNameSchema);
        if (name === undefined) throw new ToolError('Name the document, as list_documents shows it.');
        const from = fields.optional('from', z.coerce.number().int().min(0)) ?? 0;
        const reader = await readerOf(input, documents, tasks);
        const part = partOf(await find(reader, name), name, from);
        return reader === documents ? part : fenced(part, 'material from read_document');
      },
    },
    {
      ...kept,
      name: 'write_document',
      description:
        'Write a document of this task, whole or at its end. It is stored at once, as the next version.',
      inputSchema: inputSchemaOf(WRITE),
      execute: async (input) => {
        if (writes.count >= LIMITS.documentsPerRunMax) throw new ToolError(TOO_OFTEN);
        const { write, notes } = writeIn(input);
        const document = versionOf(await documents.list(), write, operationId);
        // The same text as before makes no version, which is known only where it is stored.
        const stored = `"${document.name}" is stored, as version ${document.version} if that changes its text`;
        const output = [stored, ...notes].join('. ');
        return { output, document };
      },
      restore: () => {
        writes.count += 1;
      },
    },
  ];
}

const TOO_OFTEN = `A run may write into documents ${LIMITS.documentsPerRunMax} times; this text was not stored.`;

/** @throws ToolError */
function writeIn(input: unknown): { write: AgentDocument; notes: string[] } {
  const fields = new FieldReader(isObject(input) ? input : {});
  try {
    return { write: readDocument(fields), notes: fields.notes };
  } catch (error) {
    throw new ToolError(errorMessage(error), { cause: error });
  }
}

/** The version that a text makes. @throws ToolError when it cannot be stored */
function versionOf(
  stored: readonly StoredDocument[],
  write: AgentDocument,
  operationId: string,
): DocumentVersion {
  const { versions, refused } = decideDocuments(stored, [write], operationId);
  const [version] = versions;
  if (version !== undefined) return version;
  const { why = 'too-large', currentVersion } = refused[0] ?? {};
  throw new ToolError(
    why === 'conflict'
      ? `The document is at version ${currentVersion}, and your text was made without it. Read it, bring both together, and write again with baseVersion ${currentVersion}.`
      : LIMIT_TEXTS[why],
  );
}

const LIMIT_TEXTS = {
  'too-large': `A document may have at most ${LIMITS.documentBytesMax} bytes. Shorten it, or begin another.`,
  'too-many': `A task has at most ${LIMITS.documentsPerTaskMax} documents. Write into one of them.`,
} as const;

type Listed = Pick<DocumentHead, 'name' | 'version' | 'bytes' | 'updatedBy'>;

function listed(stored: readonly Listed[]): string {
  const lines = stored.map(
    ({ name, version, bytes, updatedBy }) =>
      `- ${name}: version ${version}, ${bytes} bytes, by ${updatedBy === 'user' ? 'the person' : 'an agent'}`,
  );
  return lines.length > 0 ? lines.join('\n') : 'There are none yet.';
}

/** The documents of the task that the input names, or those of the run's own. @throws ToolError */
async function readerOf(
  input: unknown,
  own: DocumentReader,
  tasks: TaskReader | undefined,
): Promise<DocumentReader> {
  const name = new FieldReader(isObject(input) ? input : {}).optional('task', z.string());
  if (name === undefined || name.trim() === '') return own;
  if (tasks === undefined) throw new ToolError('Only the documents of this task can be read.');
  const { id, relation } = await findTask(tasks, name);
  return relation === 'own' ? own : tasks.documentsOf(id);
}

/** Models do not always write a name with the same capital letters. */
async function find(documents: DocumentReader, name: string) {
  const exact = await documents.read(name);
  if (exact !== null) return exact;
  const similar = (await documents.list()).find((document) => isSameName(document.name, name));
  return similar === undefined ? null : documents.read(similar.name);
}

/** @throws ToolError when there is no such document, or no such part */
function partOf(document: Awaited<ReturnType<DocumentReader['read']>>, name: string, from: number): string {
  if (document === null)
    throw new ToolError(`There is no document "${name}". list_documents shows the names.`);
  const { content, version } = document;
  if (from > 0 && from >= content.length)
    throw new ToolError(`The document ends at character ${content.length}.`);
  const part = content.slice(from, from + PART_CHARS_MAX).toWellFormed();
  const rest = from + PART_CHARS_MAX;
  const more = rest < content.length ? `\n\n(It goes on: read from ${rest}.)` : '';
  return `${document.name}, version ${version}:\n\n${part}${more}`;
}
