import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { LIMITS } from '@everbeat/domain';
import { isObject } from '../../shared/fieldReader';
import { readUntrustedFile } from './untrustedFile';

const REPORT_BYTES_MAX = LIMITS.requestBodyBytesMax;

/** `fields` is empty when the command wrote no report, or none that can be read; `notes` say why. */
export interface FileReport {
  fields: object;
  notes: string[];
}

/**
 * The file for the report of a run. It is in the folder that the command works in, because command-line
 * agents often may not write to any other.
 */
export const reportFileIn = (folder: string, operationId: string): string =>
  path.join(folder, `.everbeat-report-${operationId}.json`);

/** Reads the report that a command may have left, and removes it. Never throws. */
export async function takeReport(file: string): Promise<FileReport> {
  const report = await readReport(file);
  await rm(file, { force: true, recursive: true }).catch(() => {});
  return report;
}

/** The command is not trusted: a link in place of the folder is not followed either. */
async function readReport(file: string): Promise<FileReport> {
  try {
    if ((await realpath(file)) !== file) return unread('it is a link');
    const text = await readUntrustedFile(file, REPORT_BYTES_MAX);
    if (text === null) return unread(`it is no file of at most ${REPORT_BYTES_MAX} bytes`);
    const fields: unknown = JSON.parse(text);
    return isObject(fields) ? { fields, notes: [] } : unread('it does not hold a JSON object');
  } catch (error) {
    if (error instanceof SyntaxError) return unread('it is not JSON');
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    return code === 'ENOENT' ? { fields: {}, notes: [] } : unread(`it cannot be read (${code})`);
  }
}

const unread = (why: string): FileReport => ({
  fields: {},
  notes: [`The file of EVERBEAT_REPORT was left out: ${why}.`],
});
