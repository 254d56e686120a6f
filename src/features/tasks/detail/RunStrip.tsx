import type { OperationStatus, RunMark } from '@everbeat/domain';

const BEAT_WIDTH = 22;
const BASELINE_Y = 26;

/** SVG paths of one run. */
const BEAT_UP = 'h5l2-4 3 9 4-24 3 19h5';
const BEAT_DOWN = 'h5l2 4 3-6 4 16 3-14h5';
const GAP = 'h7m8 0h7';

const LOOKS: Record<OperationStatus, { shape: string; colour: string; word: string }> = {
  done: { shape: BEAT_UP, colour: 'var(--color-accent)', word: 'done' },
  error: { shape: BEAT_DOWN, colour: 'var(--color-danger)', word: 'failed' },
  timeout: { shape: BEAT_DOWN, colour: 'var(--color-danger)', word: 'failed' },
  interrupted: { shape: GAP, colour: 'var(--color-warn)', word: 'stopped' },
  budget: { shape: GAP, colour: 'var(--color-warn)', word: 'out of budget' },
  waiting: { shape: GAP, colour: 'var(--color-warn)', word: 'waiting for you' },
  running: { shape: BEAT_UP, colour: 'var(--color-accent)', word: 'running' },
};

function summary(runs: readonly RunMark[]): string {
  const parts = [...new Set(Object.values(LOOKS).map((look) => look.word))].flatMap((word) => {
    const count = runs.filter((run) => LOOKS[run.status].word === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${runs.length === 1 ? 'One run' : `The last ${runs.length} runs`}: ${parts.join(', ')}`;
}

/** The newest runs as one pulse trace, the oldest at the left. */
export function RunStrip({ runs }: { runs: readonly RunMark[] }) {
  const beats = runs.toReversed();
  const width = beats.length * BEAT_WIDTH;
  return (
    <div className="squared-paper flex justify-end overflow-hidden border-b px-4 py-2.5">
      <div
        aria-hidden
        className="h-[1.75px] flex-1 -translate-y-1/2 bg-accent/35"
        style={{ marginTop: `${BASELINE_Y}px` }}
      />
      <svg
        role="img"
        aria-label={summary(runs)}
        width={width}
        height="44"
        viewBox={`0 0 ${width} 44`}
        fill="none"
        className="shrink-0"
      >
        <title>{summary(runs)}</title>
        {beats.map((run, position) => (
          <path
            key={run.id}
            d={`M${position * BEAT_WIDTH} ${BASELINE_Y}${LOOKS[run.status].shape}`}
            stroke={LOOKS[run.status].colour}
            strokeWidth="1.75"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        ))}
      </svg>
    </div>
  );
}
