import type { OperationStatus, TopicView } from '@everbeat/domain';

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

function summary(topics: readonly TopicView[]): string {
  const parts = [...new Set(Object.values(LOOKS).map((look) => look.word))].flatMap((word) => {
    const count = topics.filter((topic) => LOOKS[topic.status].word === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${topics.length === 1 ? 'One run' : `The last ${topics.length} runs`}: ${parts.join(', ')}`;
}

/** The newest runs as one pulse trace, the oldest at the left. */
export function RunStrip({ topics }: { topics: readonly TopicView[] }) {
  const beats = topics.toReversed();
  const width = beats.length * BEAT_WIDTH;
  return (
    <figure className="squared-paper overflow-hidden rounded-2xl border bg-surface px-4 py-3">
      <div className="flex justify-end overflow-hidden">
        <div
          aria-hidden
          className="h-[1.75px] flex-1 -translate-y-1/2 bg-accent/35"
          style={{ marginTop: `${BASELINE_Y}px` }}
        />
        <svg
          role="img"
          aria-label={summary(topics)}
          width={width}
          height="44"
          viewBox={`0 0 ${width} 44`}
          fill="none"
          className="shrink-0"
        >
          {beats.map((topic, position) => (
            <path
              key={topic.id}
              d={`M${position * BEAT_WIDTH} ${BASELINE_Y}${LOOKS[topic.status].shape}`}
              stroke={LOOKS[topic.status].colour}
              strokeWidth="1.75"
              strokeLinejoin="round"
              strokeLinecap="round"
            />
          ))}
        </svg>
      </div>
      <figcaption className="mt-1 text-[0.8125rem] text-muted tabular-nums">{summary(topics)}</figcaption>
    </figure>
  );
}
