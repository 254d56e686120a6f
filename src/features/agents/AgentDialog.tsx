'use client';

import { AGENT_KINDS, type AgentKind, type AgentView, costsMoney, STARTER_AGENT } from '@everbeat/domain';
import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Dialog, DialogButtons } from '@/components/ui/dialog';
import { Field, FormError, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import type { OpenState } from '@/components/ui/overlay';
import { RestoredNotice } from '@/components/ui/restoredNotice';
import { Segmented } from '@/components/ui/segmented';
import { useUnsaved } from '@/components/ui/unsaved';
import { BudgetFields } from '@/features/spend/BudgetFields';
import { useUsedOfAgent } from '@/features/spend/useSystemSpend';
import { useSystemStatus } from '@/features/system/useSystemStatus';
import { useDraft } from '@/lib/drafts/useDraft';
import { formatDuration } from '@/lib/format/duration';
import { useTRPCClient } from '@/lib/trpc/client';
import { appCodeOf, messageOf } from '@/lib/trpc/errors';
import {
  type AgentFields,
  agentDraftSchema,
  agentFieldsOf,
  agentFormSchema,
  isAgentTyped,
  toAgentInput,
  withDraft,
  withoutSecrets,
} from './agentForm';
import { KindFields } from './KindFields';
import type { KindNotice } from './kindForm';
import { KIND_LOOKS } from './kindLooks';
import { KIND_FORMS } from './kinds';
import { useOfferResume } from './useOfferResume';

const KIND_OPTIONS = AGENT_KINDS.map((value) => ({ value, label: KIND_LOOKS[value].label }));

interface ConfigProps {
  kind: AgentKind;
  notice: KindNotice | null;
  form: UseFormReturn<AgentFields>;
}

interface AgentFormProps {
  agent: AgentView | null;
  onClose: () => void;
  /** `onLoaded` is called once the agent is there as it is now, before its form. */
  onReload: (onLoaded: () => void) => void;
}

interface AgentDialogProps extends OpenState {
  /** Null for a new agent. */
  agent: AgentView | null;
}

/** `updatedAt` is that of the agent which the fields were made from. */
function useSaveAgent(agent: AgentView | null, updatedAt: Date | undefined, onSaved: () => void) {
  const client = useTRPCClient();
  const offerResume = useOfferResume();
  return useMutation({
    mutationFn: (fields: AgentFields) => {
      const input = toAgentInput(fields, agent);
      if (agent === null) return client.agent.create.mutate(input);
      return client.agent.update.mutate({ ...input, id: agent.id, updatedAt });
    },
    onSuccess: (saved) => {
      toast.success(`${saved.name} ${agent === null ? 'created' : 'saved'}`);
      // Only an offer: the agent is saved, whether it can be made or not.
      if (agent !== null) offerResume(saved).catch(() => undefined);
      onSaved();
    },
  });
}

/** The fields of the agent's configuration, or a notice instead of them. */
function Config({ kind, notice, form }: ConfigProps) {
  const { register, getFieldState, formState } = form;
  const { fields, timeoutSecondsDefault } = KIND_FORMS[kind];
  return (
    <>
      {notice && <p className="rounded-xl bg-warn-soft px-4 py-3 text-sm">{notice.text}</p>}
      {!notice?.replacesFields && (
        <>
          <KindFields
            fields={fields}
            register={(name) => register(`texts.${name}`)}
            errorOf={(name) => getFieldState(`texts.${name}`, formState).error?.message}
            texts={form.watch('texts')}
            onText={(name, text) => form.setValue(`texts.${name}`, text, { shouldDirty: true })}
          />
          <Field
            label="Time limit of a run (optional)"
            hint="A run that takes longer is stopped."
            error={formState.errors.timeLimit?.message}
          >
            <Input
              {...register('timeLimit')}
              placeholder={formatDuration(timeoutSecondsDefault)}
              autoComplete="off"
            />
          </Field>
        </>
      )}
    </>
  );
}

/** Of the agent as it was when the form was opened or loaded. */
function AgentForm({ agent, onClose, onReload }: AgentFormProps) {
  const [base] = useState(() => agentFieldsOf(agent, STARTER_AGENT.kind));
  const draft = useDraft(agent === null ? 'new-agent' : `agent:${agent.id}`, agentDraftSchema);
  const [readAt, setReadAt] = useState(() =>
    draft.restored?.updatedAt == null ? agent?.updatedAt : new Date(draft.restored.updatedAt),
  );
  const [isRestored, setRestored] = useState(draft.restored !== null);
  const form = useForm<AgentFields>({
    resolver: zodResolver(agentFormSchema),
    defaultValues: withDraft(base, draft.restored),
  });
  useUnsaved(form, {
    isChanged: (fields) => isAgentTyped(fields, base),
    keep: (fields) => draft.keep({ ...withoutSecrets(fields), updatedAt: readAt?.toISOString() ?? null }),
    discard: draft.discard,
  });
  const onSaved = () => {
    draft.discard();
    onClose();
  };
  const { mutate: save, isPending, error } = useSaveAgent(agent, readAt, onSaved);
  const kind = form.watch('kind');
  const { data: status } = useSystemStatus();
  const used = useUsedOfAgent(agent?.id ?? null);
  const notice = (status && KIND_FORMS[kind].notice?.(status)) ?? null;
  const startOver = () => {
    form.reset(base);
    setReadAt(agent?.updatedAt);
    setRestored(false);
  };
  return (
    <Form onSubmit={form.handleSubmit((fields) => save(fields))} className="space-y-5">
      {isRestored && <RestoredNotice onStartOver={startOver} />}
      <Field label="Name" error={form.formState.errors.name?.message}>
        <Input {...form.register('name')} autoFocus autoComplete="off" />
      </Field>
      <div className="space-y-2">
        <p className="text-sm font-medium">Kind</p>
        <Segmented
          label="Kind"
          value={kind}
          options={KIND_OPTIONS}
          onValueChange={(value) => form.setValue('kind', value)}
        />
        <p className="text-[0.8125rem] text-muted">{KIND_FORMS[kind].lead}</p>
      </div>
      <Config kind={kind} notice={notice} form={form} />
      {costsMoney(kind) && !notice?.replacesFields && (
        <BudgetFields
          legend="Budget (optional)"
          hint="The most that all tasks of this agent may spend together. If empty, there is no cap."
          register={(cap) => form.register(`budget.${cap}`)}
          errorOf={(cap) => form.getFieldState(`budget.${cap}`, form.formState).error?.message}
          already={used && { textOf: (cap) => form.watch(`budget.${cap}`), used }}
        />
      )}
      {error !== null && appCodeOf(error) !== 'state-changed' && <FormError>{messageOf(error)}</FormError>}
      {appCodeOf(error) === 'state-changed' && (
        <FormError>
          <span className="block">
            This agent was changed meanwhile, perhaps in another tab. What you typed is not saved, so that it
            does not undo that change.
          </span>
          <Button size="small" className="mt-2" onClick={() => onReload(draft.discard)}>
            Load what is saved
          </Button>
        </FormError>
      )}
      <DialogButtons
        submit={agent === null ? 'Create agent' : 'Save'}
        busy={isPending}
        disabled={notice?.replacesFields}
      />
    </Form>
  );
}

/**
 * The form of the agent as it was when the dialog was opened, until a person loads what others have saved
 * since.
 */
function LoadedAgentForm({ agent, onClose }: Omit<AgentFormProps, 'onReload'>) {
  const client = useTRPCClient();
  const [loaded, setLoaded] = useState(agent);
  const reload = useMutation({
    mutationFn: async (onLoaded: () => void) => {
      const agents = await client.agent.list.query();
      const current = agents.find(({ id }) => id === agent?.id);
      if (current === undefined) throw new Error('The agent was deleted meanwhile.');
      onLoaded();
      setLoaded(current);
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  const key = loaded?.updatedAt.getTime();
  return <AgentForm key={key} agent={loaded} onClose={onClose} onReload={reload.mutate} />;
}

export function AgentDialog({ agent, open, onOpenChange }: AgentDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={agent === null ? 'New agent' : `Edit ${agent.name}`}
      className="sm:max-w-lg"
    >
      <LoadedAgentForm agent={agent} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}
