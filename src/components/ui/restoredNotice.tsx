import { Button } from './button';

/** Says that a form holds what was typed earlier and not saved. */
export function RestoredNotice({ onStartOver }: { onStartOver: () => void }) {
  return (
    <div
      role="status"
      className="mb-5 flex flex-wrap items-center gap-3 rounded-xl bg-accent-soft px-4 py-2.5 text-sm"
    >
      <span className="min-w-0 flex-1">This is what you wrote last time and did not save.</span>
      <Button size="small" onClick={onStartOver}>
        Start over
      </Button>
    </div>
  );
}
