import type { StepJournal } from '../port';

/** The journal of a run of which nothing is kept, such as a trial. */
export const memoryJournal = (): StepJournal => ({
  recorded: async () => [],
  write: async () => null,
  writeDocument: async () => true,
  shouldYield: () => false,
});
