'use client';

import { useEffect } from 'react';
import { KindFields } from '../KindFields';
import { type TaskSettingsProps, textOf } from '../kindForm';
import { PagePreview } from './PagePreview';
import { useFoundAddress, usePagePreview, usePreparePreview } from './usePagePreview';

/** What a task watches: the address, a preview of the page, and what of it counts. */
export function WatchSettings({ fields, agent, texts, register, errorOf, fill }: TaskSettingsProps) {
  const { url = '', selector = '', below = '' } = texts;
  const ownAddress = textOf(agent.config.url);
  const state = usePagePreview({ agentId: agent.id, ownAddress, fields, texts });
  const { page } = state;
  useFoundAddress(page, url, fill);
  const prepare = usePreparePreview();
  useEffect(prepare, [prepare]);
  const seen = (name: string): string | undefined =>
    page === null
      ? undefined
      : (page.problems[name] ??
        (name === 'selector' && selector.trim() !== '' ? (page.selection?.problem ?? undefined) : undefined));
  return (
    <KindFields fields={fields} register={register} errorOf={(name) => errorOf(name) ?? seen(name)}>
      <div className="min-w-0 empty:hidden sm:col-span-2">
        <PagePreview
          state={state}
          selector={selector}
          below={below}
          fill={fill}
          belowError={errorOf('below')}
        />
      </div>
    </KindFields>
  );
}
