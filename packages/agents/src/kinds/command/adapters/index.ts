import type { CodingProgram } from '@everbeat/domain';
import type { Adapter } from './adapter';
import { claude } from './claude';
import { codex } from './codex';
import type { CommandWords } from './commandWords';

/** The programs whose events are read. One is added by its file, and here. */
export const ADAPTERS = { claude, codex } as const satisfies Record<CodingProgram, Adapter>;

const ALL: readonly Adapter[] = Object.values(ADAPTERS);

/** Null: the command line is not that of a known program. */
export const adapterOfWords = (words: CommandWords | null): Adapter | null =>
  words === null ? null : (ALL.find((adapter) => adapter.recognizes(words)) ?? null);

/** Null: no known program begins its output like that. */
export const adapterOfEvent = (event: Parameters<Adapter['isFirstEvent']>[0]): Adapter | null =>
  ALL.find((adapter) => adapter.isFirstEvent(event)) ?? null;
