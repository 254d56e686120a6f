import type {
  CodingProgram,
  DocumentView,
  ProgramSession,
  RelatedTask,
  StoredDocument,
} from '@everbeat/domain';

/** Keeps the conversations that programs such as Claude Code have by themselves, each at its topic. */
export interface SessionKeeper {
  /**
   * The session to go on with: that of this topic, or of an earlier attempt at this occurrence; with `ofTask`
   * also the last one of the task. `number`: of its topic. Null: there is none.
   * @throws the signal's reason, or a database error that lasts
   */
  find(
    program: CodingProgram,
    options: { ofTask: boolean },
  ): Promise<{ session: ProgramSession; number: number } | null>;
  /** Never rejects: a session that could not be kept is not gone on with, and no more. */
  keep(session: ProgramSession): Promise<void>;
}

/** Reads the documents of the task of a run, as they are at that moment. */
export interface DocumentReader {
  list(): Promise<StoredDocument[]>;
  /** Null: there is none of this name. */
  read(name: string): Promise<Pick<DocumentView, 'name' | 'version' | 'content'> | null>;
}

/** What a run may read of a task that belongs together with its own. Lists have the newest first. */
export interface ViewedTask {
  instruction: string;
  error: string | null;
  reports: { number: number; status: string; at: Date; title: string | null; text: string | null }[];
  briefs: { type: string; title: string; summary: string; answer: string | null }[];
  comments: { author: string; text: string }[];
  /** Their names. */
  documents: string[];
}

/** Reads the task of a run, its parent, its subtasks and what it depends on, as they are at that moment. */
export interface TaskReader {
  /** The task itself first. */
  related(): Promise<RelatedTask[]>;
  /** Null: it is not one of those. */
  view(taskId: string): Promise<ViewedTask | null>;
  /** The documents of one of those. */
  documentsOf(taskId: string): DocumentReader;
}
