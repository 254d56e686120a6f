'use client';

import { CHANNEL_KINDS, type ChannelKind, type ChannelView, channelKindSchema } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Dialog, DialogButtons } from '@/components/ui/dialog';
import { Field, FormError, Input, Select } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import type { OpenState } from '@/components/ui/overlay';
import { useUnsaved } from '@/components/ui/unsaved';
import { KindFields } from '@/features/agents/KindFields';
import { withoutEmpty } from '@/features/agents/kindForm';
import { useTRPCClient } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { CHANNEL_LOOKS } from './channelLooks';
import { type ChannelTexts, channelTextsOf, readChannelTexts } from './channelTexts';
import { CHANNEL_FORMS } from './kinds';
import { keepTimezone } from './timezone';

/** Push channels are made on their devices (ThisDevice). */
const KINDS = CHANNEL_KINDS.filter((kind) => kind !== 'push');
const FIRST_KIND: ChannelKind = 'email';

/**
 * Saves a channel and sends a trial, so that a wrong setting is noticed now and not when something happens.
 */
function useSaveChannel(channel: ChannelView | null, onSaved: () => void) {
  const client = useTRPCClient();
  // If the trial fails to begin, the channel is there already when the form is sent again.
  const made = useRef<Pick<ChannelView, 'id' | 'kind'>>(channel);
  return useMutation({
    mutationFn: async (texts: ChannelTexts) => {
      const { input } = readChannelTexts(texts);
      const saved =
        made.current?.kind === texts.kind
          ? await client.channel.update.mutate({ ...input, id: made.current.id })
          : await client.channel.create.mutate({ ...input, kind: texts.kind });
      made.current = saved;
      await keepTimezone(client);
      return { name: saved.name, trial: await client.channel.test.mutate({ id: saved.id }) };
    },
    onSuccess: ({ name, trial }) => {
      if (trial.ok) toast.success(`${name} is saved, and a trial message was sent`);
      else
        toast.error(`${name} is saved, but its trial message was not taken`, { description: trial.problem });
      onSaved();
    },
  });
}

function Steps({ steps }: { steps: readonly string[] }) {
  return (
    <details>
      <summary className="w-fit cursor-pointer rounded-md text-sm font-medium text-muted hover:text-ink">
        How to set it up
      </summary>
      <ol className="mt-2 list-decimal space-y-1 pl-5 text-sm text-muted">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  );
}

/** The kind alone is nothing to lose. */
const typed = ({ name, texts }: ChannelTexts): string => JSON.stringify(withoutEmpty({ ...texts, name }));

function ChannelFields({ channel, onClose }: { channel: ChannelView | null; onClose: () => void }) {
  const before = channelTextsOf(channel, FIRST_KIND);
  const form = useForm<ChannelTexts>({ defaultValues: before });
  useUnsaved(form, { isChanged: (fields) => typed(fields) !== typed(before) });
  const { register, getFieldState, formState } = form;
  const save = useSaveChannel(channel, onClose);
  const kind = form.watch('kind');
  const { lead, fields, steps = [], Extra } = CHANNEL_FORMS[kind];
  const texts = form.watch('texts');
  const fill = (name: string, text: string) => form.setValue(`texts.${name}`, text, { shouldDirty: true });
  const submit = form.handleSubmit((texts) => {
    const { problems } = readChannelTexts(texts);
    for (const { name, message } of problems) form.setError(`texts.${name}`, { message });
    if (problems.length === 0) save.mutate(texts);
  });
  return (
    <Form onSubmit={submit} className="space-y-5">
      {channel === null && (
        <Field label="Kind" hint={lead}>
          <Select
            value={kind}
            onChange={(event) => form.setValue('kind', channelKindSchema.parse(event.target.value))}
            autoFocus
          >
            {KINDS.map((option) => (
              <option key={option} value={option}>
                {CHANNEL_LOOKS[option].label}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <KindFields
        fields={fields}
        register={(name) => register(`texts.${name}`)}
        errorOf={(name) => getFieldState(`texts.${name}`, formState).error?.message}
        texts={texts}
        onText={fill}
      >
        {Extra !== undefined && <Extra texts={texts} onText={fill} />}
        {steps.length > 0 && <Steps steps={steps} />}
      </KindFields>
      <Field label="Name (optional)">
        <Input {...register('name')} placeholder={CHANNEL_LOOKS[kind].label} autoComplete="off" />
      </Field>
      {save.error !== null && <FormError>{messageOf(save.error)}</FormError>}
      <DialogButtons submit={save.isPending ? 'Sending a trial…' : 'Save and try'} busy={save.isPending} />
    </Form>
  );
}

/** Adds a channel, or changes where one leads. `channel` null: a new one. */
export function ChannelDialog({ channel, open, onOpenChange }: OpenState & { channel: ChannelView | null }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={channel === null ? 'New channel' : `Edit ${channel.name}`}
      className="sm:max-w-lg"
    >
      <ChannelFields channel={channel} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}
