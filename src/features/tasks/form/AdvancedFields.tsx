'use client';

import { type AgentKind, beginsWithCaps, costsMoney, LIMITS, readsWords } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { Field, Input, Select } from '@/components/ui/field';
import { BudgetFields } from '@/features/spend/BudgetFields';
import { budgetText } from '@/features/spend/budgetTexts';
import { usedOf } from '@/features/spend/usedUp';
import { formatDuration } from '@/lib/format/duration';
import { useTRPC } from '@/lib/trpc/client';
import { PRIORITY_LABELS } from '../shared/priorityLabels';
import { ABSENCE_LABELS, COMPLETION_LABELS, REPORT_LABELS, SUBTASKS_LABELS } from '../shared/ruleLabels';
import type { TaskFields } from './taskFields';
import type { TaskFormApi } from './taskForm';

const ADVANCED_FIELDS = [
  'priority',
  'maxTopics',
  'endAt',
  'lease',
  'pacingMin',
  'pacingMax',
  'report',
  'completion',
  'subtasks',
  'absence',
  'budget',
] as const;

interface AmountFieldProps {
  form: TaskFormApi;
  name: keyof TaskFields;
  label: string;
  hint: string;
  placeholder: string;
  inputMode?: 'numeric';
}

/** A number, or a time such as "2 minutes". */
function AmountField({ form, name, label, hint, placeholder, inputMode }: AmountFieldProps) {
  return (
    <Field label={label} hint={hint} error={form.formState.errors[name]?.message}>
      <Input
        {...form.register(name)}
        inputMode={inputMode}
        placeholder={placeholder}
        autoComplete="off"
        className="tabular-nums"
      />
    </Field>
  );
}

const Options = ({ labels }: { labels: Readonly<Record<string, string>> }) =>
  Object.entries(labels).map(([value, label]) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));

/** What an agent may wish for that decides by itself. */
function WishFields({ form }: { form: TaskFormApi }) {
  const { register, formState } = form;
  return (
    <>
      <AmountField
        form={form}
        name="pacingMin"
        label="Shortest wait the agent may choose"
        hint="With both waits set, the agent may choose when it runs next, such as between 10 minutes and 1 day."
        placeholder="not allowed"
      />
      <AmountField
        form={form}
        name="pacingMax"
        label="Longest wait the agent may choose"
        hint="Fill in both, or neither."
        placeholder="not allowed"
      />
      <Field label="When the agent says that the goal is met" error={formState.errors.completion?.message}>
        <Select {...register('completion')}>
          <Options labels={COMPLETION_LABELS} />
        </Select>
      </Field>
      <Field
        label="Parts that the agent creates"
        hint="An agent may split its work into subtasks."
        error={formState.errors.subtasks?.message}
      >
        <Select {...register('subtasks')}>
          <Options labels={SUBTASKS_LABELS} />
        </Select>
      </Field>
    </>
  );
}

interface AdvancedFieldsProps {
  form: TaskFormApi;
  isNew: boolean;
  /** Null: it is not stored yet. */
  taskId: string | null;
}

/** What the task may spend. A new one that uses a model has the owner's caps where it names none. */
function Budget({ form, kind, isNew, taskId }: AdvancedFieldsProps & { kind: AgentKind | null }) {
  const trpc = useTRPC();
  const { data: spend } = useQuery(
    trpc.task.spend.queryOptions({ id: taskId ?? '' }, { enabled: taskId !== null }),
  );
  const hasDefault = isNew && kind !== null && beginsWithCaps(kind);
  const { data: settings } = useQuery(trpc.system.budget.queryOptions(undefined, { enabled: hasDefault }));
  // One cap of its own replaces all of the default.
  const isEmpty = Object.values(form.watch('budget')).every((text) => text.trim() === '');
  const defaults = hasDefault && isEmpty ? settings?.taskBudget : undefined;
  return (
    <div className="sm:col-span-2">
      <BudgetFields
        legend="Budget"
        hint={
          defaults === undefined
            ? 'The most that it may spend, with its subtasks. If empty, there is no cap.'
            : `The most that it may spend, with its subtasks. If all are empty, your default: ${budgetText(defaults)}.`
        }
        register={(cap) => form.register(`budget.${cap}`)}
        errorOf={(cap) => form.getFieldState(`budget.${cap}`, form.formState).error?.message}
        defaults={defaults}
        already={spend && { textOf: (cap) => form.watch(`budget.${cap}`), used: usedOf(spend) }}
      />
    </div>
  );
}

/** Settings that most tasks leave at their defaults. Opens by itself when one of them is invalid. */
export function AdvancedFields({ form, isNew, taskId }: AdvancedFieldsProps) {
  const { register, watch, formState } = form;
  const kind = watch('agentKind');
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
        <AmountField
          form={form}
          name="maxTopics"
          label="Maximum number of runs"
          hint="Counts the runs that it makes by itself since its start; after the last, it is completed."
          placeholder="no limit"
          inputMode="numeric"
        />
        <Field label="Ends on" hint="No run starts after this time." error={formState.errors.endAt?.message}>
          <Input {...register('endAt')} type="datetime-local" />
        </Field>
        <AmountField
          form={form}
          name="lease"
          label="A run counts as lost after"
          hint="If the process that runs it has died or hangs, it is started again after this time."
          placeholder={formatDuration(LIMITS.leaseSecondsDefault)}
        />
        <Field
          label="Reports in the inbox"
          hint="For runs in which the agent wrote no brief of its own."
          error={formState.errors.report?.message}
        >
          <Select {...register('report')}>
            <Options labels={REPORT_LABELS} />
          </Select>
        </Field>
        <Field
          label="While nobody looks at it"
          hint="Once its reports have lain unread for two weeks, or as long as this server is set to wait."
          error={formState.errors.absence?.message}
        >
          <Select {...register('absence')}>
            <Options labels={ABSENCE_LABELS} />
          </Select>
        </Field>
        {readsWords(kind) && <WishFields form={form} />}
        {costsMoney(kind) && <Budget form={form} kind={kind} isNew={isNew} taskId={taskId} />}
      </div>
    </details>
  );
}
