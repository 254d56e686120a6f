import type { CodingProgram } from '@everbeat/domain';
import { ADAPTERS, adapterOfWords } from './adapters';
import type { Adapter, ProgramWishes } from './adapters/adapter';
import { type CommandWords, commandWords } from './adapters/commandWords';

/** A command line, and who can read what its program prints. */
export interface Program {
  commandLine: string;
  words: CommandWords | null;
  /** `by-output`: its output may tell. Null: what it prints is text. */
  adapter: Adapter | 'by-output' | null;
}

/** @param chosen as the agent is configured; left out: as the command line tells */
export function programOf(commandLine: string, chosen: CodingProgram | 'none' | undefined): Program {
  const words = commandWords(commandLine);
  if (chosen === 'none') return { commandLine, words, adapter: null };
  const adapter = chosen === undefined ? adapterOfWords(words) : ADAPTERS[chosen];
  return { commandLine, words, adapter: adapter ?? 'by-output' };
}

export const adapterOf = ({ adapter }: Program): Adapter | null => (adapter === 'by-output' ? null : adapter);

/**
 * What is started for a run. A line that is more than one command stays as it is: its program is given the
 * wishes in its environment.
 */
export function commandLineFor(program: Program, wishes: ProgramWishes): string {
  const { commandLine, words } = program;
  const adapter = adapterOf(program);
  return adapter === null || words === null ? commandLine : adapter.extend(commandLine, words, wishes);
}
