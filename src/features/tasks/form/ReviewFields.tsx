'use client';

import { LIMITS, readsWords } from '@everbeat/domain';
import { Field, Input, Select, Textarea } from '@/components/ui/field';
import { KIND_LOOKS } from '@/features/agents/kindLooks';
import { useAgents } from '@/features/agents/useAgents';
import type { TaskFormApi } from './taskForm';

/** Whether the work of each run is checked before it counts: against what, by whom, and how often. */
export function ReviewFields({ form }: { form: TaskFormApi }) {
  const { register, watch, formState } = form;
  const agents = useAgents();
  const isOn = watch('reviewRequirement').trim() !== '';
  const reviewers = agents.data?.filter(({ kind }) => readsWords(kind)) ?? [];
  return (
    <fieldset className="grid items-start gap-4 sm:grid-cols-2">
      <legend className="mb-2 text-sm font-medium">Check the work</legend>
      <div className="sm:col-span-2">
        <Field
          label="What the work must fulfil (optional)"
          error={formState.errors.reviewRequirement?.message}
          hint="If you fill this in, a reviewer looks at every run before it counts. What does not pass is worked on again, and then you are asked."
        >
          <Textarea
            {...register('reviewRequirement')}
            className="min-h-20"
            placeholder="Every claim names its source, and the summary is not longer than one page."
          />
        </Field>
      </div>
      {isOn && (
        <>
          <Field
            label="Tries before you are asked"
            error={formState.errors.reviewTimes?.message}
            hint={`From 1 to ${LIMITS.reviewIterationsMax}.`}
          >
            <Input
              {...register('reviewTimes')}
              inputMode="numeric"
              autoComplete="off"
              placeholder={String(LIMITS.reviewIterationsDefault)}
              className="tabular-nums"
            />
          </Field>
          <Field
            label="Checked by"
            error={formState.errors.reviewAgentId?.message}
            hint="The reviewer sees the report, the documents and the steps, and nothing of the agent's conversation."
          >
            <Select {...register('reviewAgentId')}>
              <option value="">The agent of the task, anew</option>
              {reviewers.map(({ id, name, kind }) => (
                <option key={id} value={id}>
                  {name} ({KIND_LOOKS[kind].label})
                </option>
              ))}
            </Select>
          </Field>
        </>
      )}
    </fieldset>
  );
}
