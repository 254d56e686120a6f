import { type Queryable, readStoredDocuments } from '@everbeat/database';
import {
  actionsOf,
  type DocumentDecision,
  type DocumentRefusal,
  decideDocuments,
  type Ids,
  LIMITS,
  type TaskState,
} from '@everbeat/domain';
import { briefWrite } from './briefWrites';
import type { OperationCompletion } from './completion';
import type { TaskWriteExtras } from './planWrite';

export type WrittenDocuments = Required<Pick<TaskWriteExtras, 'documents' | 'messages' | 'briefs'>>;

type Refused = DocumentDecision['refused'][number];

/**
 * The versions that a run's report makes of the documents of its task. Of a report without documents nothing
 * is read. A text that is refused is not lost: the transcript of the run has it in full, and one brief says
 * so.
 */
export async function writtenDocuments(
  { db, ids }: { db: Queryable; ids: Ids },
  state: TaskState,
  { report, operationId }: Pick<OperationCompletion, 'report' | 'operationId'>,
): Promise<WrittenDocuments> {
  const writes = (report?.documents ?? []).slice(0, LIMITS.documentsPerRunMax);
  if (writes.length === 0) return { documents: [], messages: [], briefs: [] };
  const stored = await readStoredDocuments(db, state.id);
  const { versions, refused } = decideDocuments(stored, writes, operationId);
  return {
    documents: versions.map((version) => ({ ...version, id: ids.row() })),
    messages: refused.map((one) => ({ id: ids.row(), role: 'tool', content: keptText(one) })),
    briefs: refused.length === 0 ? [] : [refusalBrief(state, refused, ids)],
  };
}

const WHY: Record<DocumentRefusal, (currentVersion: number) => string> = {
  conflict: (version) =>
    version === 0
      ? 'it was made from a version that is no longer there'
      : `version ${version} was saved while the run worked, and the text was made without it`,
  'too-large': () => `a document has at most ${LIMITS.documentBytesMax} bytes`,
  'too-many': () => `a task has at most ${LIMITS.documentsPerTaskMax} documents`,
};

const reasonOf = ({ why, currentVersion }: Refused): string => WHY[why](currentVersion);

const keptText = (refused: Refused): string =>
  `The document "${refused.write.name}" was not saved: ${reasonOf(refused)}. This is the text:\n\n${refused.write.content}`;

/** The brief is of priority `normal`: the next run reads what is saved, and can write again. */
function refusalBrief({ identifier }: TaskState, refused: readonly Refused[], ids: Ids) {
  const names = [...new Set(refused.map(({ write }) => write.name))];
  const [first = ''] = names;
  const lines = refused.map((one) => `- ${one.write.name}: ${reasonOf(one)}.`);
  return briefWrite(ids, {
    type: 'insight',
    priority: 'normal',
    title:
      names.length === 1
        ? `${identifier}: what the agent wrote into "${first}" was not saved`
        : `${identifier}: what the agent wrote into ${names.length} documents was not saved`,
    summary: `${lines.join('\n')}\n\nNothing is lost: the texts are in the transcript of the run. The next run reads what is saved now.`,
    actions: actionsOf('acknowledge'),
    purpose: 'document',
    document: names.length === 1 ? first : null,
  });
}
