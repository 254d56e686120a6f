'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
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
  const { register, handleSubmit, reset, formState } = useForm<QuickWatchFields, unknown, QuickWatch>({
    resolver: zodResolver(quickWatchSchema),
    defaultValues: { url: '', intervalSeconds: '900' },
  });
  const submit = handleSubmit((watch) => watchPage.mutate(watch, { onSuccess: () => reset() }));
  return (
    <form noValidate onSubmit={submit} className="grid gap-4 sm:grid-cols-[1fr_auto_auto] sm:items-start">
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
    </form>
  );
}
