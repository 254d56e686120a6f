'use client';

import type { BudgetSettings } from '@everbeat/domain';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Field, FormError, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { PageHeader } from '@/components/ui/pageHeader';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { BudgetFields } from '@/features/spend/BudgetFields';
import { type BudgetTexts, budgetTexts, readBudget } from '@/features/spend/budgetTexts';
import { CapList } from '@/features/spend/CapList';
import { spendText } from '@/features/spend/spendText';
import { usedOf } from '@/features/spend/usedUp';
import { useSystemSpend } from '@/features/spend/useSystemSpend';
import { browserTimezone } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { SettingsTabs } from '../SettingsTabs';

interface BudgetForm {
  budget: BudgetTexts;
  taskBudget: BudgetTexts;
  timezone: string;
}

const TIME_ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

function Settings({ settings }: { settings: BudgetSettings }) {
  const zones = useId();
  const { data: spend } = useSystemSpend();
  const trpc = useTRPC();
  const form = useForm<BudgetForm>({
    defaultValues: {
      budget: budgetTexts(settings.budget),
      taskBudget: budgetTexts(settings.taskBudget),
      timezone: settings.timezone ?? '',
    },
  });
  const save = useMutation(
    trpc.system.setBudget.mutationOptions({
      onSuccess: () => form.reset(form.getValues()),
      meta: { done: 'The budget was saved' },
    }),
  );
  const submit = form.handleSubmit((fields) => {
    const budget = readBudget(fields.budget);
    const taskBudget = readBudget(fields.taskBudget);
    for (const { cap, message } of budget.problems) form.setError(`budget.${cap}`, { message });
    for (const { cap, message } of taskBudget.problems) form.setError(`taskBudget.${cap}`, { message });
    if (budget.problems.length + taskBudget.problems.length > 0) return;
    save.mutate({
      budget: budget.budget,
      taskBudget: taskBudget.budget,
      timezone: fields.timezone.trim() || null,
    });
  });
  const errorOf = (field: `${'budget' | 'taskBudget'}.${keyof BudgetTexts}`) =>
    form.getFieldState(field, form.formState).error?.message;
  return (
    <Form onSubmit={submit} className="space-y-8">
      <BudgetFields
        legend="Everything together"
        hint="No task spends more than this, whatever its own budget says. Before each call of a model, the most that it can cost is reserved; a call that does not fit is not made, and you are asked."
        register={(cap) => form.register(`budget.${cap}`)}
        errorOf={(cap) => errorOf(`budget.${cap}`)}
        already={spend && { textOf: (cap) => form.watch(`budget.${cap}`), used: usedOf(spend) }}
      />
      <BudgetFields
        legend="A new task with a model"
        hint="What a task may spend, unless it says otherwise. Tasks that are there already keep theirs."
        register={(cap) => form.register(`taskBudget.${cap}`)}
        errorOf={(cap) => errorOf(`taskBudget.${cap}`)}
      />
      <Field
        label="Time zone of days and months"
        hint={`A task with a schedule counts in the zone of that. If empty, UTC. Yours is ${browserTimezone()}.`}
        className="sm:max-w-sm"
      >
        <Input {...form.register('timezone')} list={zones} placeholder="UTC" autoComplete="off" />
      </Field>
      <datalist id={zones}>
        {TIME_ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      {save.error !== null && <FormError>{messageOf(save.error)}</FormError>}
      <Button type="submit" variant="primary" busy={save.isPending}>
        Save the budget
      </Button>
    </Form>
  );
}

/** What is used up of the caps that hold now. */
function Used() {
  const { data: spend } = useSystemSpend();
  if (spend === undefined) return null;
  return (
    <div className="mb-8 space-y-3 rounded-2xl border bg-surface p-4 sm:px-5">
      <p className="text-sm tabular-nums">
        {spendText(spend, { hasRhythm: true }) ?? 'Nothing spent this month'}
      </p>
      <CapList caps={spend.caps} />
    </div>
  );
}

export function BudgetPage() {
  const trpc = useTRPC();
  const settings = useQuery(trpc.system.budget.queryOptions());
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="Budget" lead="What your agents may spend on models, in US dollars." />
      <SettingsTabs />
      <Used />
      {settings.isPending && <ListSkeleton rows={2} rowClass="h-32" />}
      {settings.isLoadingError && (
        <ErrorState
          title="The budget could not be loaded"
          error={settings.error}
          onRetry={() => settings.refetch()}
        />
      )}
      {settings.data !== undefined && <Settings settings={settings.data} />}
    </div>
  );
}
