import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Location, MutantResult } from '@stryker-mutator/api/core';
import { z } from 'zod';

/**
 * A random part of the changes of an area, for an area that takes hours as a whole. `percent` is how likely
 * each change is to be tried.
 */
export const sampleSchema = z.object({ percent: z.number(), seed: z.number() });
export type Sample = z.output<typeof sampleSchema>;

/** Why a change that does not belong to the sample has no verdict. */
export const NOT_IN_SAMPLE = 'not in the sample';

type Place = Pick<MutantResult, 'fileName' | 'replacement'> & { location: Pick<Location, 'start'> };

/**
 * Whether a change belongs to the sample. It depends on its place alone, so a second run tries the same ones.
 * Lines and columns count from 0, as they do for runners.
 */
export function isInSample(
  { percent, seed }: Sample,
  { fileName, location: { start }, replacement = '' }: Place,
): boolean {
  const place = [seed, path.basename(fileName), start.line, start.column, replacement];
  const hash = createHash('sha256').update(JSON.stringify(place)).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < percent / 100;
}

/**
 * Whether a verdict is one of the sample. A change that no test reaches has its verdict before it is chosen.
 */
export function isTried(sample: Sample, mutant: MutantResult): boolean {
  if (mutant.status !== 'NoCoverage') return mutant.statusReason !== NOT_IN_SAMPLE;
  // In reports, lines and columns count from 1.
  const { line, column } = mutant.location.start;
  return isInSample(sample, { ...mutant, location: { start: { line: line - 1, column: column - 1 } } });
}

/**
 * Where the share of a whole lies, at a confidence of 95 %, of which `found` of `tried` random ones were
 * found (Wilson's interval). In percent.
 */
export function wilsonInterval(found: number, tried: number): { from: number; to: number } {
  if (tried === 0) return { from: 0, to: 100 };
  const z = 1.96;
  const share = found / tried;
  const scale = 1 + z ** 2 / tried;
  const middle = share + z ** 2 / (2 * tried);
  const spread = z * Math.sqrt((share * (1 - share)) / tried + z ** 2 / (4 * tried ** 2));
  return { from: ((middle - spread) / scale) * 100, to: ((middle + spread) / scale) * 100 };
}
