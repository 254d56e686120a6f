'use client';

import { LIMITS } from '@everbeat/domain';
import { ChevronRight } from 'lucide-react';
import { Field, Input, Select } from '@/components/ui/field';
import { PRIORITY_LABELS } from '../shared/priorityLabels';
import type { TaskFields, TaskFormApi } from './taskForm';

const ADVANCED_FIELDS = [
  'priority',
  'maxTopics',
  'endAt',
  'leaseSeconds',
  'pacingMinSeconds',
  'pacingMaxSeconds',
  'report',
  'completion',
] as const;

interface NumberFieldProps {
  form: TaskFormApi;
  name: keyof TaskFields;
  label: string;
  hint: string;
  placeholder: string;
}

function NumberField({ form, name, label, hint, placeholder }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint} error={form.formState.errors[name]?.message}>
      <Input
        {...form.register(name)}
        inputMode="numeric"
        placeholder={placeholder}
        className="tabular-nums"
      />
    </Field>
  );
}

/** Settings that most tasks leave at their defaults. Opens by itself when one of them is invalid. */
export function AdvancedFields({ form }: { form: TaskFormApi }) {
  const { register, formState } = form;
  const hasError = ADVANCED_FIELDS.some((name) => formState.errors[name] !== undefined);
  return (
    <details className="group rounded-xl border px-4 py-3" open={hasError || undefined}>
      <summary className="flex list-none items-center gap-1.5 rounded-md text-sm font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-muted transition-transform group-open:rotate-90" />
        More settings
      </summary>
      <div className="grid items-start gap-4 pt-4 pb-1 sm:grid-cols-2">
        <Field label="Priority" error={formState.errors.priority?.message}>
          <Select {...register('priority')}>
            {PRIORITY_LABELS.map((label, priority) => (
              <option key={label} value={priority}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        <NumberField
          form={form}
          name="maxTopics"
          label="Maximum number of runs"
          hint="Counts the runs that it makes by itself since its start; after the last, it is completed."
          placeholder="no limit"
        />
        <Field label="Ends on" hint="No run starts after this time." error={formState.errors.endAt?.message}>
          <Input {...register('endAt')} type="datetime-local" />
        </Field>
        <NumberField
          form={form}
          name="leaseSeconds"
          label="Timeout without a sign of life, in seconds"
          hint="A run that gives none for this long counts as timed out."
          placeholder={String(LIMITS.leaseSecondsDefault)}
        />
        <NumberField
          form={form}
          name="pacingMinSeconds"
          label="Shortest wait the agent may choose, in seconds"
          hint="With both waits set, the agent may choose when it runs next."
          placeholder="not allowed"
        />
        <NumberField
          form={form}
          name="pacingMaxSeconds"
          label="Longest wait the agent may choose, in seconds"
          hint="Fill in both, or neither."
          placeholder="not allowed"
        />
        <Field
          label="Reports in the inbox"
          hint="For runs in which the agent wrote no brief of its own."
          error={formState.errors.report?.message}
        >
          <Select {...register('report')}>
            <option value="agent">Only what the agent sends</option>
            <option value="changes">When the report differs from the last one</option>
            <option value="always">After every run</option>
          </Select>
        </Field>
        <Field label="When the agent says that the goal is met" error={formState.errors.completion?.message}>
          <Select {...register('completion')}>
            <option value="ask">Ask me</option>
            <option value="complete">Complete the task</option>
          </Select>
        </Field>
      </div>
    </details>
  );
}
