'use client';

import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { formatInterval } from '@/lib/format/duration';
import { parseDuration } from '@/lib/format/parseDuration';
import { ScheduleFields } from './ScheduleFields';
import { AUTOMATION_CHOICES, type TaskFields } from './taskFields';
import type { TaskFormApi } from './taskForm';

const AUTOMATION_LABELS: Record<TaskFields['automation'], { label: string; hint: string }> = {
  once: { label: 'Once', hint: 'It runs when you start it, then asks you to approve the result.' },
  heartbeat: { label: 'Heartbeat', hint: 'It runs again this long after the end of each run.' },
  schedule: { label: 'Schedule', hint: 'It runs at fixed times, given by a cron pattern.' },
};
const AUTOMATION_OPTIONS = AUTOMATION_CHOICES.map((value) => ({
  value,
  label: AUTOMATION_LABELS[value].label,
}));

const PRESETS = ['5 minutes', '30 minutes', '1 hour', '6 hours', '1 day'] as const;

function HeartbeatFields({ form: { register, setValue, watch, formState } }: { form: TaskFormApi }) {
  const seconds = parseDuration(watch('every'));
  return (
    <div className="space-y-3">
      <Field
        label="Every"
        hint={
          seconds === null
            ? 'A time with its unit, such as 10 minutes or 1 hour 30 minutes.'
            : `It runs ${formatInterval(seconds)}.`
        }
        error={formState.errors.every?.message}
        className="sm:max-w-sm"
      >
        <Input {...register('every')} autoComplete="off" className="tabular-nums" />
      </Field>
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">Usual intervals</legend>
        {PRESETS.map((every) => (
          <Button
            key={every}
            size="small"
            onClick={() => setValue('every', every, { shouldValidate: true, shouldDirty: true })}
          >
            {every}
          </Button>
        ))}
      </fieldset>
    </div>
  );
}

export function AutomationFields({ form }: { form: TaskFormApi }) {
  const automation = form.watch('automation');
  return (
    <div className="space-y-4">
      <div className="space-y-2">
        <p className="text-sm font-medium">When it runs</p>
        <Segmented
          label="When it runs"
          value={automation}
          options={AUTOMATION_OPTIONS}
          onValueChange={(choice) => form.setValue('automation', choice, { shouldDirty: true })}
        />
        <p className="text-[0.8125rem] text-muted">{AUTOMATION_LABELS[automation].hint}</p>
      </div>
      {automation === 'heartbeat' && <HeartbeatFields form={form} />}
      {automation === 'schedule' && <ScheduleFields form={form} />}
    </div>
  );
}
