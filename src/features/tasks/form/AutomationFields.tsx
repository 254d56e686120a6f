'use client';

import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { ScheduleFields } from './ScheduleFields';
import { AUTOMATION_CHOICES, type TaskFields, type TaskFormApi, UNITS, type Unit } from './taskForm';

const AUTOMATION_LABELS: Record<TaskFields['automation'], { label: string; hint: string }> = {
  once: { label: 'Once', hint: 'It runs when you start it, then asks you to approve the result.' },
  heartbeat: { label: 'Heartbeat', hint: 'It runs again this long after the end of each run.' },
  schedule: { label: 'Schedule', hint: 'It runs at fixed times, given by a cron pattern.' },
};
const AUTOMATION_OPTIONS = AUTOMATION_CHOICES.map((value) => ({
  value,
  label: AUTOMATION_LABELS[value].label,
}));

const PRESETS: readonly { every: string; unit: Unit; label: string }[] = [
  { every: '5', unit: 'minutes', label: '5 minutes' },
  { every: '30', unit: 'minutes', label: '30 minutes' },
  { every: '1', unit: 'hours', label: '1 hour' },
  { every: '6', unit: 'hours', label: '6 hours' },
  { every: '1', unit: 'days', label: '1 day' },
];

function HeartbeatFields({ form: { register, setValue, formState } }: { form: TaskFormApi }) {
  const choose = (every: string, unit: Unit) => {
    setValue('every', every, { shouldValidate: true, shouldDirty: true });
    setValue('unit', unit, { shouldDirty: true });
  };
  return (
    <div className="space-y-3">
      <div className="grid grid-cols-2 items-start gap-3 sm:max-w-sm">
        <Field label="Every" error={formState.errors.every?.message}>
          <Input {...register('every')} inputMode="numeric" className="tabular-nums" />
        </Field>
        <Field label="Unit">
          <Select {...register('unit')}>
            {Object.keys(UNITS).map((unit) => (
              <option key={unit}>{unit}</option>
            ))}
          </Select>
        </Field>
      </div>
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">Usual intervals</legend>
        {PRESETS.map(({ every, unit, label }) => (
          <Button key={label} size="small" onClick={() => choose(every, unit)}>
            {label}
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
