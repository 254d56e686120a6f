import type { OperationStatus, TopicView } from '@everbeat/domain';

const BEAT_WIDTH = 22;
const BASELINE_Y = 26;

/**
 * SVG path of one run: a beat up when it succeeded, a beat down when it failed, a gap when it was stopped.
 */
const SHAPES: Record<OperationStatus, string> = {
  done: 'h5l2-4 3 9 4-24 3 19h5',
  running: 'h5l2-4 3 9 4-24 3 19h5',
  error: 'h5l2 4 3-6 4 16 3-14h5',
  timeout: 'h5l2 4 3-6 4 16 3-14h5',
  interrupted: 'h7m8 0h7',
};

const COLOURS: Record<OperationStatus, string> = {
  done: 'var(--accent)',
  running: 'var(--accent)',
  error: 'var(--danger)',
  timeout: 'var(--danger)',
  interrupted: 'var(--warn)',
};

const SUMMARY_LABELS: Record<OperationStatus, string> = {
  done: 'done',
  error: 'failed',
  timeout: 'failed',
  interrupted: 'stopped',
  running: 'running',
};

function summary(topics: readonly TopicView[]): string {
  const parts = [...new Set(Object.values(SUMMARY_LABELS))].flatMap((label) => {
    const count = topics.filter((topic) => SUMMARY_LABELS[topic.status] === label).length;
    return count === 0 ? [] : [`${count} ${label}`];
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
              d={`M${position * BEAT_WIDTH} ${BASELINE_Y}${SHAPES[topic.status]}`}
              stroke={COLOURS[topic.status]}
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
