import path from 'node:path';

/**
 * How a place appears in a sandbox: `shown` and `writable` as it is on the host; `scratch` as an empty folder
 * in memory, `hidden` as an empty one that cannot be written to.
 */
export interface Place {
  /** Free of links. */
  path: string;
  as: 'shown' | 'writable' | 'scratch' | 'hidden';
}

const OPTIONS = {
  shown: (place: string) => ['--ro-bind', place, place],
  // With its devices: where the operator opens a folder of /dev, they are what is wanted.
  writable: (place: string) => ['--dev-bind', place, place],
  scratch: (place: string) => ['--tmpfs', place],
  hidden: (place: string) => ['--tmpfs', place],
};

/**
 * The arguments of bubblewrap for a read-only view of the host in which each file appears as the deepest of
 * the places above it says. Of two places with the same path the later one counts. The root stays as it is.
 */
export function mountArguments(places: readonly Place[]): string[] {
  const byPath = new Map(places.map((place) => [place.path, place]));
  byPath.delete(path.sep);
  // What lies in another place has the longer path, and is mounted after it.
  const sorted = [...byPath.values()].sort((a, b) => a.path.length - b.path.length);
  return [
    '--ro-bind',
    '/',
    '/',
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    ...sorted.flatMap((place) => OPTIONS[place.as](place.path)),
    // At the end, because mounting something in an empty folder makes a folder in it.
    ...sorted.flatMap((place) => (place.as === 'hidden' ? ['--remount-ro', place.path] : [])),
  ];
}
