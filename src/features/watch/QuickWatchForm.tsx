'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useCallback } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { watch as watchForm } from '@/features/agents/kinds/watch';
import { PagePreview } from '@/features/agents/preview/PagePreview';
import { useFoundAddress, usePagePreview, usePreparePreview } from '@/features/agents/preview/usePagePreview';
import { AlreadyWatched } from '@/features/tasks/shared/AlreadyWatched';
import {
  type QuickWatch,
  type QuickWatchFields,
  quickWatchSchema,
  WATCH_INTERVALS,
} from './quickWatchSchema';
import { useWatchPage } from './useWatchPage';

/** Creates a watch task from a page's address, what is chosen on its preview, and an interval. */
export function QuickWatchForm() {
  const watchPage = useWatchPage();
  const { register, handleSubmit, reset, setValue, watch, formState } = useForm<
    QuickWatchFields,
    unknown,
    QuickWatch
  >({
    resolver: zodResolver(quickWatchSchema),
    defaultValues: { url: '', intervalSeconds: '900', selector: '', below: '' },
  });
  const [url, selector, below] = watch(['url', 'selector', 'below']);
  const state = usePagePreview({
    agentId: undefined,
    ownAddress: '',
    fields: watchForm.taskSettings.fields,
    texts: { url, selector, below },
  });
  const fill = useCallback(
    (name: 'url' | 'selector' | 'below', text: string) => setValue(name, text, { shouldValidate: true }),
    [setValue],
  );
  useFoundAddress(state.page, url, fill);
  const prepare = usePreparePreview();
  const submit = handleSubmit((page) => watchPage.mutate(page, { onSuccess: () => reset() }));
  return (
    <Form onSubmit={submit} className="grid gap-4 sm:grid-cols-[1fr_auto_auto] sm:items-start">
      <Field label="Page address" error={formState.errors.url?.message}>
        <Input
          {...register('url', { onChange: () => setValue('selector', '') })}
          onFocus={prepare}
          inputMode="url"
          autoComplete="url"
          placeholder="https://example.com/news"
        />
      </Field>
      <Field label="Check" error={formState.errors.intervalSeconds?.message}>
        <Select {...register('intervalSeconds')}>
          {WATCH_INTERVALS.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" variant="primary" busy={watchPage.isPending} className="h-10 sm:mt-[1.6rem]">
        Start watching
      </Button>
      <div className="empty:hidden sm:col-span-3">
        <AlreadyWatched address={url} />
      </div>
      <div className="min-w-0 empty:hidden sm:col-span-3">
        <PagePreview
          state={state}
          selector={selector}
          below={below}
          fill={fill}
          belowError={formState.errors.below?.message}
        />
      </div>
    </Form>
  );
}
