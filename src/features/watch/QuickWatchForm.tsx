'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { AlreadyWatched } from '@/features/tasks/shared/AlreadyWatched';
import {
  type QuickWatch,
  type QuickWatchFields,
  quickWatchSchema,
  WATCH_INTERVALS,
} from './quickWatchSchema';
import { useWatchPage } from './useWatchPage';

/** Creates a watch task from a page's address and an interval. */
export function QuickWatchForm() {
  const watchPage = useWatchPage();
  const { register, handleSubmit, reset, watch, formState } = useForm<QuickWatchFields, unknown, QuickWatch>({
    resolver: zodResolver(quickWatchSchema),
    defaultValues: { url: '', intervalSeconds: '900' },
  });
  const submit = handleSubmit((page) => watchPage.mutate(page, { onSuccess: () => reset() }));
  return (
    <Form onSubmit={submit} className="grid gap-4 sm:grid-cols-[1fr_auto_auto] sm:items-start">
      <Field label="Page address" error={formState.errors.url?.message}>
        <Input
          {...register('url')}
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
        <AlreadyWatched address={watch('url')} />
      </div>
    </Form>
  );
}
