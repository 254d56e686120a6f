import { z } from 'zod';
import type { WatchSettings } from '../config';
import { SECRET_SETTINGS } from '../ownRequest';
import type { DescribedWatch } from './describedWatch';

/** The file that Everbeat exports its watches to, and reads again. */
const FORMAT = 'everbeat-watches';
const VERSION = 1;

const watchSchema = z.looseObject({
  name: z.string().nullish(),
  url: z.string().catch(''),
  settings: z.record(z.string(), z.unknown()).catch({}),
  everySeconds: z.number().nullish(),
  schedule: z.object({ pattern: z.string(), timezone: z.string() }).nullish(),
  isPaused: z.boolean().catch(false),
  leftOut: z.array(z.string()).catch([]),
});

export const fileSchema = z.looseObject({
  format: z.literal(FORMAT),
  version: z.number(),
  watches: z.array(watchSchema),
});

/** A watch as it is exported. */
export interface ExportedWatch {
  name: string;
  url: string;
  settings: WatchSettings;
  everySeconds: number | null;
  schedule: { pattern: string; timezone: string } | null;
  isPaused: boolean;
}

export const readEverbeat = ({ watches }: z.output<typeof fileSchema>): DescribedWatch[] =>
  watches.map(({ everySeconds, schedule, leftOut, ...watch }) => ({
    ...watch,
    intervalSeconds: everySeconds ?? undefined,
    schedule: schedule ?? undefined,
    leftOut: leftOut.map((name) => `${name}: its values were not exported; enter them on the task.`),
  }));

/** The beginning and the end of the file; between them stand the watches, with commas. */
export const fileStart = (exportedAt: Date): string =>
  `{"format":"${FORMAT}","version":${VERSION},"exportedAt":"${exportedAt.toISOString()}","watches":[`;
export const FILE_END = '\n]}\n';

/**
 * One watch in the file, without its headers and cookies: these are secrets. Their names are kept in
 * `leftOut`.
 */
export function writeWatch({ settings, ...watch }: ExportedWatch): string {
  const { url: _, headers = {}, cookies = {}, ...shared } = settings;
  const secrets: Record<(typeof SECRET_SETTINGS)[number], object> = { headers, cookies };
  const leftOut = SECRET_SETTINGS.flatMap((field) =>
    Object.keys(secrets[field]).map((name) => `${field}.${name}`),
  );
  return `\n${JSON.stringify({ ...watch, settings: shared, leftOut })}`;
}
