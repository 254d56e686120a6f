import type { DocumentHead } from '@everbeat/domain';

/** "you", or the run that wrote it. */
function writerOf({ updatedBy, runNumber }: Pick<DocumentHead, 'updatedBy' | 'runNumber'>): string {
  if (updatedBy === 'user') return 'you';
  return runNumber === null ? 'the agent' : `the agent, run ${runNumber}`;
}

/** "812 bytes", "12.4 kB" */
const sizeText = (bytes: number): string =>
  bytes < 1_000 ? `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}` : `${(bytes / 1_000).toFixed(1)} kB`;

/** "Version 3 by you, 1.2 kB" */
export const documentLine = (document: DocumentHead): string =>
  `Version ${document.version} by ${writerOf(document)}, ${sizeText(document.bytes)}`;
