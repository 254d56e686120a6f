import { type DocumentHead, isSameName, textBytes } from './documents';
import { LIMITS } from './limits';

/** What an agent writes into a document of its task. */
export interface AgentDocument {
  name: string;
  content: string;
  /** The text is added at the end of what is there. */
  append?: boolean | undefined;
  /** The version that the text was made from; 0: there was none. */
  baseVersion?: number | undefined;
}

/** A version as it is to be stored. With `append`, its text is that of the version before and this one. */
export interface DocumentVersion {
  name: string;
  version: number;
  content: string;
  append: boolean;
}

/**
 * Why a text was not stored: a person or another run has saved the document meanwhile, or a limit is reached.
 */
export type DocumentRefusal = 'conflict' | 'too-large' | 'too-many';

export interface DocumentDecision {
  versions: DocumentVersion[];
  refused: { write: AgentDocument; why: DocumentRefusal; currentVersion: number }[];
}

/** The newest version of a document. `id` is in the order of time, as those of operations are. */
export type StoredDocument = Pick<DocumentHead, 'name' | 'version' | 'bytes' | 'updatedBy'> & { id: string };

/**
 * What a run's documents become when it settles: one new version of each, however often the run wrote it. A
 * text made from an older version is refused, so that nothing that was saved meanwhile is overwritten unseen,
 * and so is what the run writes into that document later. If the agent does not say from which version, what
 * a person has saved since the run began counts. Adding to the end overwrites nothing, so it is never stale.
 */
export function decideDocuments(
  stored: readonly StoredDocument[],
  writes: readonly AgentDocument[],
  operationId: string,
): DocumentDecision {
  const pending = new Map<string, Pending>();
  const conflicts = new Set<string>();
  const refused: DocumentDecision['refused'] = [];
  for (const write of writes) {
    const name =
      find(stored, write.name)?.name ?? find([...pending.values()], write.name)?.name ?? write.name;
    const current = stored.find((document) => document.name === name);
    const before = pending.get(name);
    const next = { name, ...merged(before, write, current) };
    const isNew = current === undefined && before === undefined;
    const why =
      conflicts.has(name) || isStale(write, { current, before, operationId })
        ? 'conflict'
        : limitReached(next, isNew ? namesAfter(stored, pending) : 0);
    if (why === null) pending.set(name, next);
    else refused.push({ write, why, currentVersion: current?.version ?? 0 });
    if (why === 'conflict') conflicts.add(name);
  }
  return { versions: [...pending.values()].map(({ bytes: _, ...version }) => version), refused };
}

/** What the run has made of a document so far. */
type Pending = DocumentVersion & { bytes: number };

const find = <Named extends { name: string }>(documents: readonly Named[], name: string): Named | undefined =>
  documents.find((document) => document.name === name) ??
  documents.find((document) => isSameName(document.name, name));

const namesAfter = (stored: readonly StoredDocument[], pending: ReadonlyMap<string, Pending>): number =>
  new Set([...stored.map(({ name }) => name), ...pending.keys()]).size;

const limitReached = ({ bytes }: Pending, others: number): DocumentRefusal | null => {
  if (others >= LIMITS.documentsPerTaskMax) return 'too-many';
  return bytes > LIMITS.documentBytesMax ? 'too-large' : null;
};

function isStale(
  { append, baseVersion }: AgentDocument,
  known: { current: StoredDocument | undefined; before: Pending | undefined; operationId: string },
): boolean {
  if (append) return false;
  const { current, before, operationId } = known;
  if (baseVersion === undefined) return current?.updatedBy === 'user' && current.id > operationId;
  return baseVersion !== (current?.version ?? 0) && baseVersion !== before?.version;
}

function merged(
  before: Pending | undefined,
  { content, append = false }: AgentDocument,
  current: StoredDocument | undefined,
): Omit<Pending, 'name'> {
  const version = (current?.version ?? 0) + 1;
  if (!append) return { version, content, append: false, bytes: textBytes(content) };
  if (before !== undefined) {
    const text = appended(before.content, content);
    return { ...before, content: text, bytes: before.bytes + textBytes(text) - textBytes(before.content) };
  }
  // One more for the line feed between the two.
  const bytes = textBytes(content) + (current === undefined ? 0 : current.bytes + 1);
  return { version, content, append: current !== undefined, bytes };
}

/** A text with another at its end, on a line of its own. */
export const appended = (text: string, more: string): string =>
  text === '' || text.endsWith('\n') ? text + more : `${text}\n${more}`;
