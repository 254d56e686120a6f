'use client';

import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { ScrollRegion } from '@/components/ui/scrollRegion';
import { Skeleton } from '@/components/ui/states';
import { PartList } from './PartList';
import type { PagePreview as Preview, PreviewState } from './usePagePreview';

interface PagePreviewProps {
  state: PreviewState;
  /** What is typed for the part that is watched, and for the threshold of its number. */
  selector: string;
  below: string;
  belowError: string | undefined;
  /** Writes a text into a field of the form. */
  fill: (name: 'selector' | 'below', text: string) => void;
}

/** What a person sees of the page whose address is typed: what is read, and its parts to choose from. */
export function PagePreview({ state, ...choice }: PagePreviewProps) {
  const { page, failure, isReading, retry } = state;
  if (page !== null) return <Shown page={page} isReading={isReading} {...choice} />;
  if (isReading) return <Reading {...state} />;
  if (failure === null) return null;
  return (
    <div role="status" className="flex flex-wrap items-start gap-3 rounded-xl bg-warn-soft px-4 py-3 text-sm">
      <p className="min-w-0 flex-1 basis-56">
        <span className="font-medium">The page cannot be watched like this.</span> {failure}
      </p>
      <Button size="small" onClick={retry}>
        <RotateCw aria-hidden /> Read it again
      </Button>
    </div>
  );
}

const Reading = ({ isSlow, host }: Pick<PreviewState, 'isSlow' | 'host'>) => (
  <div role="status" className="space-y-2 rounded-xl border bg-surface p-4">
    <p className="text-sm text-muted">
      {isSlow
        ? `Still waiting for ${host}. It has up to 20 seconds to answer; you can go on meanwhile.`
        : 'Reading the page…'}
    </p>
    <Skeleton className="h-5 w-56" />
    <Skeleton className="h-16" />
  </div>
);

const Caption = ({ children }: { children: ReactNode }) => (
  <p className="text-[0.8125rem] text-muted">{children}</p>
);

interface ShownProps extends Omit<PagePreviewProps, 'state'> {
  page: Preview;
  isReading: boolean;
}

function Shown({ page, isReading, selector, below, belowError, fill }: ShownProps) {
  const isPrice = page.prices.some((price) => price.selector === selector);
  return (
    <section
      aria-label="The page"
      aria-busy={isReading}
      className="space-y-3 rounded-xl border bg-surface p-4"
    >
      <div>
        <p className="font-medium">{page.title}</p>
        <Caption>
          {sizeText(page)} · {page.url}
        </Caption>
      </div>
      {page.notes.map((note) => (
        <p key={note} className="rounded-lg bg-warn-soft px-3 py-2 text-[0.8125rem]">
          {note}
        </p>
      ))}
      <PartList page={page} selector={selector} onChoose={(chosen) => fill('selector', chosen)} />
      {isPrice && (
        <Field
          label="Tell me only when it falls below (optional)"
          hint="If empty, every change of the price is reported."
          error={belowError}
          className="max-w-sm"
        >
          <Input
            inputMode="decimal"
            autoComplete="off"
            value={below}
            onChange={(event) => fill('below', event.target.value)}
          />
        </Field>
      )}
      {page.kind === 'feed' ? <Items page={page} /> : <Extract page={page} selector={selector} />}
    </section>
  );
}

function sizeText({ kind, itemCount, lines, chars }: Preview): string {
  if (kind === 'feed') return `A feed of ${counted(itemCount, 'item')}`;
  if (kind === 'json') return `JSON of ${counted(chars, 'character')}`;
  return `${counted(lines, 'line')} of text`;
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** What is compared: the page, or the part that is chosen. */
function Extract({ page, selector }: { page: Preview; selector: string }) {
  const { selection } = page;
  const isPart = selector.trim() !== '' && selection !== null;
  if (isPart && selection.problem !== null) return null;
  return (
    <div className="space-y-1">
      <Caption>
        {isPart
          ? `What is read (${counted(selection.matches, 'part')} of the page ${selection.matches === 1 ? 'matches' : 'match'}):`
          : 'What is read:'}
      </Caption>
      <ScrollRegion className="max-h-40 overflow-auto rounded-lg bg-sunken px-3 py-2">
        <pre className="text-[0.8125rem] whitespace-pre-wrap">{isPart ? selection.text : page.text}</pre>
      </ScrollRegion>
    </div>
  );
}

function Items({ page: { items, itemCount } }: { page: Preview }) {
  const more = itemCount - items.length;
  return (
    <div className="space-y-1">
      <Caption>Each new item is reported, once. Now there are:</Caption>
      <ScrollRegion className="max-h-48 overflow-auto rounded-lg bg-sunken px-3 py-2">
        <ul className="list-disc space-y-0.5 pl-4 text-[0.8125rem]">
          {items.map(({ title, link }) => (
            <li key={`${title} ${link ?? ''}`}>{title}</li>
          ))}
          {more > 0 && <li className="list-none text-muted">… and {more.toLocaleString('en')} more</li>}
        </ul>
      </ScrollRegion>
    </div>
  );
}
