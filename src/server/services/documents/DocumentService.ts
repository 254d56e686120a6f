import {
  type DocumentSave,
  readDocument,
  readDocuments,
  readDocumentVersions,
  saveDocument,
} from '@everbeat/database';
import { AppError, type Clock, type DocumentView, type Ids, LIMITS } from '@everbeat/domain';
import type { Pool } from 'pg';
import type { ActivityFeed } from '../feed/ActivityFeed';
import { orThrow } from '../reads/ReadService';

export interface DocumentServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  feed: Pick<ActivityFeed, 'nudge'>;
}

/** Which document of which task. */
interface DocumentRef {
  taskId: string;
  name: string;
}

/**
 * What a person does with the documents of a task. Models write with their steps, other agents when their
 * runs settle.
 */
export class DocumentService {
  constructor(private readonly deps: DocumentServiceDeps) {}

  /** By name. `withContent`: with their texts. */
  list(userId: string, taskId: string, withContent: boolean) {
    return readDocuments(this.deps.pool, userId, taskId, withContent);
  }

  /** The newest version, or `version`. @throws AppError `document-not-found` */
  async get(userId: string, document: DocumentRef & { version?: number | undefined }): Promise<DocumentView> {
    return orThrow(await readDocument(this.deps.pool, userId, document), 'document-not-found');
  }

  /** The versions that are kept, newest first. `cursor`: a version. @throws AppError `document-not-found` */
  async history(
    userId: string,
    document: DocumentRef,
    page: { cursor?: string | undefined; limit?: number | undefined; withContent: boolean },
  ) {
    const cursor = page.cursor === undefined ? undefined : Number(page.cursor);
    const versions = await readDocumentVersions(this.deps.pool, userId, document, { ...page, cursor });
    if (versions.items.length === 0) await this.get(userId, document);
    return versions;
  }

  /**
   * Saves a text as the next version; the same text as the newest changes nothing.
   * @throws AppError `task-not-found`, `document-conflict`, `limit-reached`
   */
  async save(userId: string, save: Omit<DocumentSave, 'id' | 'userId'>): Promise<DocumentView> {
    const { pool, clock, ids, feed } = this.deps;
    const saved = await saveDocument(pool, { ...save, id: ids.row(), userId }, clock.now());
    switch (saved.kind) {
      case 'saved':
      case 'unchanged':
        feed.nudge();
        return this.get(userId, { ...save, version: saved.version });
      case 'task-not-found':
        throw new AppError('task-not-found', 'There is no such task');
      case 'too-many':
        throw new AppError(
          'limit-reached',
          `A task has at most ${LIMITS.documentsPerTaskMax} documents. Write into one of them instead`,
        );
      case 'conflict':
        throw conflict(save.name, saved.version);
    }
  }

  /**
   * Saves the text of an older version as the next one.
   * @throws AppError `task-not-found`, `document-not-found`, `document-conflict`
   */
  async restore(
    userId: string,
    {
      version,
      baseVersion,
      ...document
    }: DocumentRef & { version: number; baseVersion?: number | undefined },
  ): Promise<DocumentView> {
    const { content } = await this.get(userId, { ...document, version });
    return this.save(userId, { ...document, content, baseVersion });
  }
}

const conflict = (name: string, version: number): AppError =>
  new AppError(
    'document-conflict',
    version === 0
      ? `There is no document "${name}" any more, or not yet. Save it with the base version 0 to create it`
      : `The document "${name}" was saved by someone else meanwhile and is at version ${version}. Read it, bring both texts together, and save again`,
  );
