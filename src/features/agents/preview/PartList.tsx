'use client';

import { Check } from 'lucide-react';
import { cn } from '@/lib/cn';
import type { PagePreview } from './usePagePreview';

interface Choice {
  selector: string;
  label: string;
  text: string;
  /** How far it is indented. */
  depth: number;
  isPrice: boolean;
}

interface PartListProps {
  page: PagePreview;
  /** Empty: the whole page. */
  selector: string;
  onChoose: (selector: string) => void;
}

/** The parts of a page, or the branches of JSON, as buttons: one makes the selector for it. */
export function PartList({ page, selector, onChoose }: PartListProps) {
  const choices = choicesOf(page);
  if (choices.length <= 1) return null;
  return (
    <fieldset className="min-w-0 space-y-1">
      <legend className="text-[0.8125rem] text-muted">Choose what is watched:</legend>
      <ul className="max-h-64 space-y-0.5 overflow-auto rounded-lg border p-1">
        {choices.map((choice) => (
          <li key={`${choice.isPrice} ${choice.selector}`} style={{ paddingLeft: `${choice.depth}rem` }}>
            <ChoiceButton
              choice={choice}
              isChosen={choice.selector === selector.trim()}
              onChoose={() => onChoose(choice.selector)}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

interface ChoiceButtonProps {
  choice: Choice;
  isChosen: boolean;
  onChoose: () => void;
}

function ChoiceButton({ choice: { label, text, isPrice }, isChosen, onChoose }: ChoiceButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={cn(
        'flex w-full min-w-0 items-baseline gap-2 rounded-md px-2 py-1 text-left text-sm hover:bg-sunken',
        isChosen && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <span className={cn('shrink-0 font-medium', isPrice && 'text-accent')}>{label}</span>
      <span className="min-w-0 flex-1 truncate text-muted">{text}</span>
      {isChosen && <Check aria-hidden className="size-4 shrink-0 self-center text-accent" />}
    </button>
  );
}

const WHOLE = 'The whole page';

function choicesOf({ kind, parts, prices, branches }: PagePreview): Choice[] {
  if (kind === 'feed') return [];
  const priced = new Set(prices.map(({ selector }) => selector));
  return [
    { selector: '', label: WHOLE, text: '', depth: 0, isPrice: false },
    // Those of JSON are marked where they stand.
    ...(kind === 'json' ? [] : prices).map(({ selector, text }) => ({
      selector,
      label: 'Price',
      text,
      depth: 0,
      isPrice: true,
    })),
    ...parts
      .filter(({ selector }) => !priced.has(selector))
      .map((part) => ({ ...part, text: oneLine(part.text), depth: 0, isPrice: false })),
    ...branches
      .filter(({ depth }) => depth > 0)
      .map(({ path, key, value, entries, depth }) => ({
        selector: path,
        label: key,
        depth: depth - 1,
        isPrice: priced.has(path),
        text: value ?? `${entries ?? 0} ${entries === 1 ? 'entry' : 'entries'}`,
      })),
  ];
}

const oneLine = (text: string): string => text.split('\n').join(' · ');
