import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { codeOf, ifThere } from './errors';
import type { Identity } from './identity';

/**
 * Who started the server of a folder. Each start writes a record of its own, `owner-<number>.json`, with the
 * next number; the highest one counts. A file that already exists is never replaced, so of several processes
 * that decide at once to start a server only one goes on.
 */
export interface OwnerRecord extends Identity {
  number: number;
  /** The process that started the server. */
  pid: number;
  /** Linux: when that process began, in clock ticks since the kernel started. Tells a reused pid apart. */
  processStart: string | null;
  /** ISO 8601. */
  since: string;
  /** Whether the server holds the folder's lock for as long as it lives. */
  hasLock: boolean;
  /** The server was stopped in order. */
  stopped: boolean;
}

export interface Owner {
  record: OwnerRecord;
  /**
   * The last sign of life, by the owner's clock: the time of the file, which every user of the server renews.
   */
  renewedAtMs: number;
}

const NAME = /^owner-(\d+)\.json$/;

/** The newest record. Undefined: no server of this folder has ever recorded its owner. */
export async function readOwner(home: string): Promise<Owner | undefined> {
  for (;;) {
    const number = Math.max(0, ...(await numbersIn(home)));
    if (number === 0) return undefined;
    const file = fileOf(home, number);
    const [text, times] = await Promise.all([ifThere(readFile(file, 'utf8')), ifThere(stat(file))]);
    // Replaced by a newer one in between: look again.
    if (text === undefined || times === undefined) continue;
    return { record: parse(text, number), renewedAtMs: times.mtimeMs };
  }
}

/**
 * Takes the folder over from the owner with the number `after` (0: it had none). False: another process was
 * faster.
 */
export async function claimFolder(home: string, record: OwnerRecord): Promise<boolean> {
  const file = fileOf(home, record.number);
  const draft = await writeDraft(file, record);
  try {
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const others = (await numbersIn(home)).filter((number) => number !== record.number);
  // A record with a higher number was written while ours was made, so ours does not count.
  if (others.some((number) => number > record.number)) return false;
  for (const number of others) await rm(fileOf(home, number), { force: true });
  return true;
}

/** A sign of life of the server with this number. It touches no other record, however late it comes. */
export async function renewOwner(home: string, number: number): Promise<void> {
  const now = new Date();
  await ifThere(utimes(fileOf(home, number), now, now));
}

/** Records that the server was stopped in order, so that the next one needs no proof of its end. */
export async function recordStop(home: string, number: number): Promise<void> {
  const file = fileOf(home, number);
  const text = await ifThere(readFile(file, 'utf8'));
  if (text === undefined) return;
  await rename(await writeDraft(file, { ...parse(text, number), stopped: true }), file);
}

/** Flushed before it gets its name, so that a power cut leaves no empty record. */
async function writeDraft(file: string, record: OwnerRecord): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`, { flag: 'wx', mode: 0o644, flush: true });
    return draft;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function numbersIn(home: string): Promise<number[]> {
  return (await readdir(home)).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

const text = z.string().nullable().catch(null);

/** What cannot be read names no place, and is treated as an owner somewhere else. */
const recordSchema = z.object({
  platform: z.string().catch(process.platform),
  host: z.string().catch('unknown'),
  machine: text,
  boot: text,
  pidNamespace: text,
  pid: z.number().catch(0),
  processStart: text,
  since: z.string().catch('an unknown time'),
  hasLock: z.boolean().catch(false),
  stopped: z.boolean().catch(false),
});

function parse(json: string, number: number): OwnerRecord {
  return { number, ...recordSchema.parse(parsedOrEmpty(json)) };
}

function parsedOrEmpty(json: string): unknown {
  try {
    return JSON.parse(json) ?? {};
  } catch {
    return {};
  }
}

function fileOf(home: string, number: number): string {
  return path.join(home, `owner-${number}.json`);
}
