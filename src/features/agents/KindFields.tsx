'use client';

import type { SystemStatusView } from '@everbeat/domain';
import type { ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { Field, Input, Select, Textarea } from '@/components/ui/field';
import { useSystemStatus } from '@/features/system/useSystemStatus';
import { cn } from '@/lib/cn';
import type { KindField, KindFieldSet } from './kindForm';

interface KindFieldsProps {
  fields: KindFieldSet;
  /** Registers a field with the surrounding form. */
  register: (name: string) => UseFormRegisterReturn;
  errorOf: (name: string) => string | undefined;
  /** For fields with a control of their own: their texts, and how one is set. */
  texts?: Readonly<Record<string, string>>;
  onText?: (name: string, text: string) => void;
  /** Shown between the usual fields and those that few people need. */
  children?: ReactNode;
}

interface ControlProps {
  field: KindField;
  status: SystemStatusView | undefined;
  registration: UseFormRegisterReturn;
}

/** The fields of one kind of agent, in the dialog of an agent or of a task. */
export function KindFields(props: KindFieldsProps) {
  const { fields, register, errorOf, texts = {}, onText, children } = props;
  const { data: status } = useSystemStatus();
  const all = Object.entries(fields);
  const shown = ([name, field]: [string, KindField]) =>
    field.Control !== undefined && onText !== undefined ? (
      <fieldset key={name} className="space-y-3">
        <legend className="text-sm font-medium">{field.label}</legend>
        <field.Control text={texts[name] ?? ''} onText={(text) => onText(name, text)} />
        {errorOf(name) !== undefined && (
          <p role="alert" className="text-sm text-danger">
            {errorOf(name)}
          </p>
        )}
      </fieldset>
    ) : (
      <Field key={name} label={field.label} hint={field.hint} error={errorOf(name)}>
        <Control field={field} status={status} registration={register(name)} />
      </Field>
    );
  const rare = all.filter(([, { isRare = false }]) => isRare);
  return (
    <>
      {all.filter(([, { isRare = false }]) => !isRare).map(shown)}
      {children}
      {rare.length > 0 && (
        <details
          className="sm:col-span-2"
          open={rare.some(([name]) => errorOf(name) !== undefined) || undefined}
        >
          <summary className="w-fit cursor-pointer rounded-md text-sm font-medium text-muted hover:text-ink">
            More for this agent
          </summary>
          <div className="mt-4 space-y-4">{rare.map(shown)}</div>
        </details>
      )}
    </>
  );
}

function Control({ field, status, registration }: ControlProps) {
  const { control: shape = 'line', isCode = false, placeholder, inputMode } = field;
  if (typeof shape === 'object') {
    return (
      <Select {...registration}>
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
    return (
      <Textarea
        {...registration}
        placeholder={placeholder}
        className={className}
        spellCheck={isCode ? false : undefined}
      />
    );
  }
  return (
    <Input
      {...registration}
      placeholder={placeholder}
      className={className}
      inputMode={inputMode}
      autoComplete="off"
    />
  );
}
