'use client';

import { useId } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { formatTimeInZone } from '@/lib/format/time';
import { useAtTime } from '@/lib/useNow';
import { useCronLabel } from '../shared/useCronLabel';
import { previewSchedule, type TaskFormApi } from './taskForm';

const PRESETS = [
  { pattern: '0 9 * * 1-5', label: 'Weekdays at 9' },
  { pattern: '0 8 * * *', label: 'Every day at 8' },
  { pattern: '0 * * * *', label: 'Every hour' },
  { pattern: '0 9 * * 1', label: 'Mondays at 9' },
  { pattern: '0 9 1 * *', label: 'First of the month' },
] as const;

const TIME_ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

function SchedulePreview({ pattern, timezone }: { pattern: string; timezone: string }) {
  const now = useAtTime((ms) => ms - (ms % 60_000));
  const preview = previewSchedule(pattern, timezone, new Date(now ?? 0));
  const label = useCronLabel('times' in preview ? pattern : '');
  if (now === null || 'problem' in preview) return null;
  return (
    <div className="rounded-xl bg-accent-soft px-4 py-3 text-sm">
      <p className="font-medium text-accent">{label ?? pattern}</p>
      <ol className="mt-1 flex flex-wrap gap-x-5 gap-y-0.5 tabular-nums" aria-label="The next times">
        {preview.times.map((time) => (
          <li key={time.getTime()}>{formatTimeInZone(time, timezone)}</li>
        ))}
      </ol>
    </div>
  );
}

export function ScheduleFields({ form: { register, setValue, watch, formState } }: { form: TaskFormApi }) {
  const zoneListId = useId();
  const [pattern, timezone] = watch(['pattern', 'timezone']);
  return (
    <div className="space-y-3">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field
          label="Pattern"
          hint="Minute, hour, day, month, weekday. When clocks change, a skipped time runs right after, a repeated one once."
          error={formState.errors.pattern?.message}
        >
          <Input {...register('pattern')} spellCheck={false} autoComplete="off" className="font-mono" />
        </Field>
        <Field label="Time zone" error={formState.errors.timezone?.message}>
          <Input {...register('timezone')} list={zoneListId} autoComplete="off" />
        </Field>
        <datalist id={zoneListId}>
          {TIME_ZONES.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">Usual schedules</legend>
        {PRESETS.map((preset) => (
          <Button
            key={preset.pattern}
            size="small"
            onClick={() => setValue('pattern', preset.pattern, { shouldValidate: true, shouldDirty: true })}
          >
            {preset.label}
          </Button>
        ))}
      </fieldset>
      <SchedulePreview pattern={pattern.trim()} timezone={timezone.trim()} />
    </div>
  );
}
