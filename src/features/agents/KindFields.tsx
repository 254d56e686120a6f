'use client';

import type { SystemStatusView } from '@everbeat/domain';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { type ControlProps, Field, Input, Select, Textarea } from '@/components/ui/field';
import { useSystemStatus } from '@/features/system/useSystemStatus';
import { cn } from '@/lib/cn';
import type { KindField, KindFieldSet } from './kindForm';

interface KindFieldsProps {
  fields: KindFieldSet;
  /** Ties a field to the surrounding form. */
  register: (name: string) => UseFormRegisterReturn;
  errorOf: (name: string) => string | undefined;
}

type ControlOfField = ControlProps &
  UseFormRegisterReturn & { field: KindField; status: SystemStatusView | undefined };

/** The fields of one kind of agent, in its own dialog or in that of a task. */
export function KindFields({ fields, register, errorOf }: KindFieldsProps) {
  const { data: status } = useSystemStatus();
  return Object.entries(fields).map(([name, field]) => (
    <Field key={name} label={field.label} hint={field.hint} error={errorOf(name)}>
      {(control) => <Control field={field} status={status} {...control} {...register(name)} />}
    </Field>
  ));
}

function Control({ field, status, ...control }: ControlOfField) {
  const { control: shape = 'line', isCode = false, placeholder, inputMode } = field;
  if (typeof shape === 'object') {
    return (
      <Select {...control}>
        {shape.options(status).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    );
  }
  const className = cn(isCode && 'font-mono', isCode && shape === 'lines' && 'text-sm');
  if (shape === 'lines') {
    return <Textarea {...control} {...{ placeholder, className }} spellCheck={isCode ? false : undefined} />;
  }
  return <Input {...control} {...{ placeholder, className, inputMode }} autoComplete="off" />;
}
