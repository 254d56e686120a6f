import {
  type AgentDocument,
  type DocumentHead,
  decideDocuments,
  documentNameSchema,
  errorMessage,
  isSameName,
  LIMITS,
  MEMORY_DOCUMENT,
} from '@everbeat/domain';
import { z } from 'zod';
import type { DocumentReader } from '../../port';
import { readDocument } from '../../shared/answer';
import { FieldReader, isObject } from '../../shared/fieldReader';
import { inputSchemaOf } from '../../tools/input';
import { type AgentTool, ToolError } from '../../tools/port';
import { add } from './tools';

/** As much of a document as one call returns: less than a result may have. */
const PART_CHARS_MAX = 40_000;

const NAME = z.string().max(LIMITS.documentNameCharsMax);
const READ = z.object({
  name: NAME,
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

const WRITES = { countMax: LIMITS.documentsPerRunMax, what: 'texts in documents' };

/**
 * The documents of the task. What the model writes is collected in `written`, and stored when the run settles. A text
 * that would be refused then is refused here already, while the model can do something about it.
 */
export function documentTools(
  { documents, operationId }: { documents: DocumentReader; operationId: string },
  written: AgentDocument[],
): AgentTool[] {
  const kept = { policy: 'allow', idempotent: true, readOnly: true } as const;
  return [
    {
      ...kept,
      name: 'list_documents',
      description: 'List the documents of this task: reports that it keeps up to date, and its memory.',
      inputSchema: inputSchemaOf(z.object({})),
      execute: async () => listed(await documents.list(), written),
    },
    {
      ...kept,
      name: 'read_document',
      description: 'Read a document of this task.',
      inputSchema: inputSchemaOf(READ),
      execute: async (input) => {
        const fields = new FieldReader(isObject(input) ? input : {});
        const name = fields.optional('name', documentNameSchema);
        if (name === undefined) throw new ToolError('Name the document, as list_documents shows it.');
        const from = fields.optional('from', z.coerce.number().int().min(0)) ?? 0;
        return partOf(await find(documents, name), name, from);
      },
    },
    {
      ...kept,
      name: 'write_document',
      description:
        'Write a document of this task, whole or at its end. It is stored when this run ends, as the next version.',
      inputSchema: inputSchemaOf(WRITE),
      execute: async (input) => {
        const { write, notes } = writeIn(input);
        const version = versionAfter(await documents.list(), [...written, write], operationId);
        note(written, write);
        return [`"${write.name}" becomes version ${version} when this run ends`, ...notes].join('. ');
      },
      restore: (input) => note(written, writeIn(input).write),
    },
  ];
}

/** @throws ToolError */
function writeIn(input: unknown): { write: AgentDocument; notes: string[] } {
  const fields = new FieldReader(isObject(input) ? input : {});
  try {
    return { write: readDocument(fields), notes: fields.notes };
  } catch (error) {
    throw new ToolError(errorMessage(error), { cause: error });
  }
}

/** A whole text replaces what this run has written into the document before. @throws ToolError */
function note(written: AgentDocument[], write: AgentDocument): void {
  if (write.append !== true) {
    const others = written.filter(({ name }) => !isSameName(name, write.name));
    written.splice(0, written.length, ...others);
  }
  add(written, write, WRITES);
}

/** The version that the last of these writes makes. @throws ToolError when it would be refused */
function versionAfter(
  stored: Awaited<ReturnType<DocumentReader['list']>>,
  writes: readonly AgentDocument[],
  operationId: string,
): number {
  const last = writes.at(-1);
  const { versions, refused } = decideDocuments(stored, writes, operationId);
  const refusal = refused.find(({ write }) => write === last);
  if (refusal?.why === 'conflict') {
    throw new ToolError(
      `The document is at version ${refusal.currentVersion}, and your text was made without it. Read it, bring both together, and write again with baseVersion ${refusal.currentVersion}.`,
    );
  }
  if (refusal !== undefined) throw new ToolError(LIMIT_TEXTS[refusal.why]);
  return versions.find(({ name }) => isSameName(name, last?.name ?? ''))?.version ?? 1;
}

const LIMIT_TEXTS = {
  conflict: '',
  'too-large': `A document may have at most ${LIMITS.documentBytesMax} bytes. Shorten it, or begin another.`,
  'too-many': `A task has at most ${LIMITS.documentsPerTaskMax} documents. Write into one of them.`,
} as const;

type Listed = Pick<DocumentHead, 'name' | 'version' | 'bytes' | 'updatedBy'>;

function listed(stored: readonly Listed[], written: readonly AgentDocument[]): string {
  const names = [...new Set(written.map(({ name }) => name))];
  const lines = stored.map(
    ({ name, version, bytes, updatedBy }) =>
      `- ${name}: version ${version}, ${bytes} bytes, by ${updatedBy === 'user' ? 'the person' : 'an agent'}`,
  );
  const changes = names.length > 0 ? [`Written in this run: ${names.join(', ')}`] : [];
  return [...(lines.length > 0 ? lines : ['There are none yet.']), ...changes].join('\n');
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
