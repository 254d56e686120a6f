import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations';

/** How large the database was at some instants of the last day, oldest first. */
const storageRecordSchema = z.object({
  at: z.iso.datetime(),
  bytes: z.number(),
  databaseBytes: z.number(),
  past: z.array(z.object({ at: z.iso.datetime(), bytes: z.number() })),
  folders: z
    .object({ at: z.iso.datetime(), bytes: z.number(), isPartial: z.boolean() })
    .nullish()
    .catch(null),
});
export type StorageRecord = z.infer<typeof storageRecordSchema>;

export interface StorageView {
  /** When it was measured. */
  at: Date;
  /** The size of all tables of Everbeat, with their indexes. */
  bytes: number;
  /** The size of the whole database, which may have other tables too. */
  databaseBytes: number;
  /**
   * The size of the folders in which commands work, on the host that measured last. Null: not measured yet.
   */
  folders: { bytes: number; isPartial: boolean } | null;
  /**
   * The growth over the last day, or over the time since the first measurement; null in the first minutes.
   */
  bytesPerDay: number | null;
}

const SAMPLE_MS = HOUR_MS;
const MEASURED_MS_MIN = 600_000;
/** Between two measurements. */
const PAUSE_MS = MINUTE_MS;

/** Null: there is none, or it cannot be read. */
export function parseStorageRecord(value: unknown): StorageRecord | null {
  const parsed = storageRecordSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Whether it is time to measure again. A record of the future is from a clock that was ahead. */
export const isMeasurementDue = (record: StorageRecord | null, now: Date): boolean =>
  record === null || Math.abs(now.getTime() - Date.parse(record.at)) >= PAUSE_MS;

/** Whether it is time to look at the folders, which takes longer than to look at tables. */
export const areFoldersDue = (record: StorageRecord | null, now: Date): boolean =>
  record?.folders == null || Math.abs(now.getTime() - Date.parse(record.folders.at)) >= SAMPLE_MS;

/** The record with a new measurement. It keeps one of each hour of the last day to compare with. */
export function withMeasurement(
  record: StorageRecord | null,
  size: Pick<StorageRecord, 'bytes' | 'databaseBytes'>,
  now: Date,
  folders: StorageView['folders'] = null,
): StorageRecord {
  const nowMs = now.getTime();
  const at = now.toISOString();
  const past = (record?.past ?? []).filter(({ at: then }) => {
    const ageMs = nowMs - Date.parse(then);
    return ageMs >= 0 && ageMs <= DAY_MS;
  });
  const newestMs = Date.parse(past.at(-1)?.at ?? '');
  const isSampleDue = !(nowMs - newestMs < SAMPLE_MS);
  const measured = folders === null ? record?.folders : { at, ...folders };
  return { at, ...size, folders: measured, past: isSampleDue ? [...past, { at, bytes: size.bytes }] : past };
}

export function toStorageView(record: StorageRecord): StorageView {
  const at = new Date(record.at);
  const [oldest] = record.past;
  const sinceMs = oldest === undefined ? 0 : at.getTime() - Date.parse(oldest.at);
  const bytesPerDay =
    oldest === undefined || sinceMs < MEASURED_MS_MIN
      ? null
      : Math.round(((record.bytes - oldest.bytes) / sinceMs) * DAY_MS);
  const { bytes, databaseBytes, folders } = record;
  return {
    at,
    bytes,
    databaseBytes,
    bytesPerDay,
    folders: folders ? { bytes: folders.bytes, isPartial: folders.isPartial } : null,
  };
}
