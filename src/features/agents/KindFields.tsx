'use client';

import type { AgentKind } from '@everbeat/domain';
import type { InputHTMLAttributes, ReactNode } from 'react';
import { Field, Input, Select, Textarea } from '@/components/ui/field';
import { useSystemStatus } from '@/features/system/useSystemStatus';
import type { AgentFormApi } from './AgentDialog';
import type { AgentFields } from './agentForm';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'form'> {
  form: AgentFormApi;
  name: keyof AgentFields;
  label: string;
  hint?: ReactNode;
}

function TextField({ form, name, label, hint, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={form.formState.errors[name]?.message}>
      {(control) => <Input {...rest} {...control} {...form.register(name)} autoComplete="off" />}
    </Field>
  );
}

function Timeout({ form, placeholder }: { form: AgentFormApi; placeholder: string }) {
  return (
    <TextField
      form={form}
      name="timeoutSeconds"
      label="Timeout, in seconds"
      inputMode="numeric"
      placeholder={placeholder}
    />
  );
}

function WatchFields({ form }: { form: AgentFormApi }) {
  return (
    <>
      <TextField
        form={form}
        name="url"
        label="Page address (optional)"
        hint="Each task may name its own page; this one is for tasks that do not."
        inputMode="url"
        placeholder="https://example.com/news"
      />
      <TextField
        form={form}
        name="selector"
        label="Part of the page, a CSS selector (optional)"
        className="font-mono"
        placeholder="main"
      />
      <Timeout form={form} placeholder="30" />
    </>
  );
}

function HttpFields({ form }: { form: AgentFormApi }) {
  return (
    <>
      <TextField
        form={form}
        name="url"
        label="Address"
        hint="Each run is sent there as a POST with JSON."
        inputMode="url"
        placeholder="https://agent.example.com/run"
      />
      <Field
        label="Headers (optional)"
        hint="One a line, as Name: value. Stored values are shown as dots; leave the dots to keep them."
        error={form.formState.errors.headers?.message}
      >
        {(control) => (
          <Textarea
            {...control}
            {...form.register('headers')}
            className="font-mono text-sm"
            spellCheck={false}
            placeholder="Authorization: Bearer …"
          />
        )}
      </Field>
      <Timeout form={form} placeholder="600" />
    </>
  );
}

const PROVIDERS = [
  ['', "The server's default"],
  ['openai-compatible', 'OpenAI-compatible'],
  ['anthropic', 'Anthropic'],
  ['google', 'Google'],
] as const;

function ModelFields({ form }: { form: AgentFormApi }) {
  const { data } = useSystemStatus();
  return (
    <>
      {data?.modelConfigured === false && (
        <p className="rounded-xl bg-warn-soft px-4 py-3 text-sm">
          This server has no key for a model provider yet. The agent can be saved, but its runs fail until the
          operator sets one.
        </p>
      )}
      <Field label="Provider">
        {(control) => (
          <Select {...control} {...form.register('provider')}>
            {PROVIDERS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        form={form}
        name="model"
        label="Model (optional)"
        hint="Left empty: the server's default model."
      />
      <TextField
        form={form}
        name="baseUrl"
        label="Base address (optional)"
        inputMode="url"
        placeholder="https://api.example.com/v1"
      />
      <Field label="System prompt (optional)" error={form.formState.errors.system?.message}>
        {(control) => <Textarea {...control} {...form.register('system')} />}
      </Field>
      <Timeout form={form} placeholder="600" />
    </>
  );
}

function CommandFields({ form }: { form: AgentFormApi }) {
  const { data } = useSystemStatus();
  if (data?.commands.length === 0) {
    return (
      <p className="rounded-xl bg-warn-soft px-4 py-3 text-sm">
        The operator of this server allows no commands. They are named in <code>AGENT_COMMANDS</code>.
      </p>
    );
  }
  return (
    <>
      <Field
        label="Command"
        hint="The prompt goes to its standard input; what it prints is the report."
        error={form.formState.errors.command?.message}
      >
        {(control) => (
          <Select {...control} {...form.register('command')}>
            <option value="">Choose one</option>
            {data?.commands.map((command) => (
              <option key={command}>{command}</option>
            ))}
          </Select>
        )}
      </Field>
      <Timeout form={form} placeholder="600" />
    </>
  );
}

export function KindFields({ kind, form }: { kind: AgentKind; form: AgentFormApi }) {
  switch (kind) {
    case 'watch':
      return <WatchFields form={form} />;
    case 'http':
      return <HttpFields form={form} />;
    case 'model':
      return <ModelFields form={form} />;
    case 'command':
      return <CommandFields form={form} />;
  }
}
