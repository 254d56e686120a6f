import { z } from 'zod';
import { jsonChanges } from './jsonTree';
import { changesIn, type Row, rowsOf } from './lines';
import { compilePattern, patternOf } from './pattern';

/** Lines that are replaced by others from look to look, such as advertisements, between two that stay. */
const regionSchema = z.object({
  /** Null: the beginning of the text. */
  above: z.string().nullable(),
  /** Null: its end. */
  below: z.string().nullable(),
  /** How many lines were between them at most. */
  lines: z.number(),
});
type Region = z.output<typeof regionSchema>;

/** What differs from look to look without being news: clocks, counters, advertisements. */
export const noiseSchema = z.object({
  patterns: z.array(z.string()),
  regions: z.array(regionSchema),
  /** Where in a JSON document the noise is. */
  paths: z.array(z.string()),
});
export type Noise = z.output<typeof noiseSchema>;

export const NO_NOISE: Noise = { patterns: [], regions: [], paths: [] };

const NOISE_MAX = 100;
/** A region may be so many lines longer than it was. */
const REGION_GROWTH_LINES = 3;

export const isQuiet = ({ patterns, regions, paths }: Noise): boolean =>
  patterns.length + regions.length + paths.length === 0;

/**
 * What differs between the first and the second look at a page and again between the second and the third:
 * what differs once has changed, and what differs each time is noise.
 */
export function noiseIn(looks: readonly [string[], string[], string[]]): Noise {
  const [first, second] = [changesBetween(looks[0], looks[1]), changesBetween(looks[1], looks[2])];
  const patterns = [...new Set([...first.patterns, ...second.patterns])].filter((pattern) => {
    const compiled = compilePattern(pattern);
    return [first, second].every(({ lines }) => lines.some((line) => compiled.matches(line)));
  });
  const places = new Map(second.regions.map((region) => [placeOf(region), region]));
  const regions = first.regions.flatMap((region) => {
    const again = places.get(placeOf(region));
    return again === undefined ? [] : [{ ...region, lines: Math.max(region.lines, again.lines) }];
  });
  return { patterns: patterns.slice(0, NOISE_MAX), regions: regions.slice(0, NOISE_MAX), paths: [] };
}

/** The same for JSON. */
export function jsonNoiseIn([first, second, third]: readonly [string, string, string]): Noise {
  const pathsIn = (a: string, b: string) => (jsonChanges(a, b, []) ?? []).map(({ path = '$' }) => path);
  const again = new Set(pathsIn(second, third));
  return {
    ...NO_NOISE,
    paths: pathsIn(first, second)
      .filter((path) => again.has(path))
      .slice(0, NOISE_MAX),
  };
}

const placeOf = ({ above, below }: Region): string => JSON.stringify([above, below]);

interface Differences {
  patterns: string[];
  regions: Region[];
  /** All lines that differ. */
  lines: string[];
}

function changesBetween(before: readonly string[], after: readonly string[]): Differences {
  const rows = rowsOf(before, after) ?? [];
  const found: Differences = { patterns: [], regions: [], lines: [] };
  for (const { above, below, changed } of runsIn(rows)) {
    found.lines.push(...changed.map(({ text }) => text));
    const patterns = changesIn(changed).map(({ before: old, after: now }) =>
      old === null || now === null ? null : patternOf(old, now),
    );
    if (patterns.every((pattern) => pattern !== null)) found.patterns.push(...patterns);
    else if (above !== null || below !== null) {
      const lines = Math.max(
        ...(['-', '+'] as const).map((sign) => changed.filter((row) => row.sign === sign).length),
      );
      found.regions.push({ above, below, lines });
    }
  }
  return found;
}

interface Run {
  above: string | null;
  below: string | null;
  changed: Row[];
}

/** The runs of changed rows, each with the lines around it that stay. */
function runsIn(rows: readonly Row[]): Run[] {
  const runs: Run[] = [];
  let above: string | null = null;
  let changed: Row[] = [];
  const close = (below: string | null) => {
    if (changed.length > 0) runs.push({ above, below, changed });
    changed = [];
  };
  for (const row of rows) {
    if (row.sign !== ' ') changed.push(row);
    else {
      close(row.text);
      above = row.text;
    }
  }
  close(null);
  return runs;
}

/** The lines without the noise. */
export function withoutNoise(lines: readonly string[], { patterns, regions }: Noise): string[] {
  const compiled = patterns.map(compilePattern);
  const left = lines.filter((line) => !compiled.some((pattern) => pattern.matches(line)));
  return regions.reduce(withoutRegion, left);
}

/** One of the two lines may have changed itself: then as many lines are left out as there were. */
function withoutRegion(lines: string[], { above, below, lines: longest }: Region): string[] {
  const start = above === null ? 0 : lines.indexOf(above) + 1;
  const hasStart = above === null || start > 0;
  const end = below === null ? lines.length : lines.indexOf(below, start);
  if (hasStart && end !== -1 && end - start <= longest + REGION_GROWTH_LINES)
    return without(lines, start, end);
  if (above !== null && hasStart) return without(lines, start, start + longest);
  return below !== null && end !== -1 ? without(lines, Math.max(0, end - longest), end) : lines;
}

const without = (lines: readonly string[], start: number, end: number): string[] => [
  ...lines.slice(0, start),
  ...lines.slice(end),
];
