import type { TopicView } from '@everbeat/domain';

/** Runs that are shown each, or the runs between two of them that brought the same again. */
export type RunPart = { run: TopicView } | { alike: [TopicView, ...TopicView[]] };

type Compared = Pick<TopicView, 'status' | 'title' | 'handoff' | 'error'>;

const isSame = (a: Compared, b: Compared): boolean =>
  a.status === 'done' &&
  b.status === 'done' &&
  a.error === b.error &&
  a.title === b.title &&
  a.handoff === b.handoff;

/** From so many runs on that brought the same, they are folded. */
const FOLDED_FROM = 3;

/**
 * The runs, newest first, with stretches of successful ones folded whose reports are the same. The newest of
 * a stretch is shown, and the others follow as one part.
 * @param isKept of runs that are to be shown in any case
 */
export function foldRuns(runs: readonly TopicView[], isKept: (run: TopicView) => boolean): RunPart[] {
  const parts: RunPart[] = [];
  let at = 0;
  while (at < runs.length) {
    const first = runs[at];
    if (first === undefined) break;
    let end = at + 1;
    for (let next = runs[end]; next !== undefined && isSame(first, next) && !isKept(next); next = runs[end])
      end += 1;
    const [one, ...others] = runs.slice(at + 1, end);
    parts.push({ run: first });
    if (one !== undefined && end - at >= FOLDED_FROM) parts.push({ alike: [one, ...others] });
    else if (one !== undefined) parts.push(...[one, ...others].map((run) => ({ run })));
    at = end;
  }
  return parts;
}
