'use client';

import { type AgentKind, type AgentView, readsWords } from '@everbeat/domain';
import Link from 'next/link';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { KIND_FORMS } from '@/features/agents/kinds';
import { useAgents } from '@/features/agents/useAgents';
import { useSettled } from '@/lib/useSettled';
import { isAddress, suitedAgent } from './suitedAgent';
import type { TaskFormApi } from './taskForm';
import { type Offer, offersFor, presetsToSet, templateOf } from './templates';

/** Where the text belongs: the instruction, or what an agent of this kind is told instead. */
function targetOf(kind: AgentKind | null): 'instruction' | `settings.${AgentKind}.${string}` {
  if (kind === null || readsWords(kind)) return 'instruction';
  const { taskSettings } = KIND_FORMS[kind];
  return taskSettings === undefined ? 'instruction' : `settings.${kind}.${taskSettings.mainField}`;
}

const HINTS = {
  empty: 'The address of a page to watch, or what an agent should do, in your words.',
  words: 'The agent reads this in every run. You can use Markdown.',
  page: 'You are told what changes on this page.',
} as const;

/** A text that no agent can use which is set up. */
function NobodyReads() {
  return (
    <p role="status" className="rounded-xl bg-warn-soft px-4 py-3 text-sm">
      No agent is set up that could do this: a page watcher needs an address.{' '}
      <Link href="/agents" className="font-medium underline underline-offset-2">
        Set up an agent
      </Link>
    </p>
  );
}

function Offers({
  offers,
  onChoose,
}: {
  offers: readonly Offer<AgentView>[];
  onChoose: (offer: Offer<AgentView>) => void;
}) {
  if (offers.length === 0) return null;
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="mb-2 text-[0.8125rem] text-muted">Or begin with</legend>
      {offers.map((offer) => (
        <Button key={offer.template.key} size="small" onClick={() => onChoose(offer)}>
          {offer.template.label}
        </Button>
      ))}
    </fieldset>
  );
}

/**
 * The one field with which a task begins. What is typed decides on the agent, until the person chooses one:
 * an address is watched, words are read.
 */
export function StartField({ form }: { form: TaskFormApi }) {
  const { setValue, getValues, getFieldState, watch, formState } = form;
  const { data: agents = [] } = useAgents();
  const field = useRef<HTMLTextAreaElement>(null);
  const kind = watch('agentKind');
  const target = targetOf(kind);
  const text = String(watch(target) ?? '');
  const hasChosen = formState.dirtyFields.agentId === true;

  // With another kind of agent, the text goes to where that one looks for it.
  const before = useRef(target);
  useLayoutEffect(() => {
    const former = before.current;
    before.current = target;
    const written = getValues(former);
    if (former === target || written === '' || (getValues(target) ?? '') !== '') return;
    setValue(former, '');
    setValue(target, written, { shouldDirty: true });
  }, [target, getValues, setValue]);

  const suit = () => {
    if (hasChosen) return;
    const suited = suitedAgent(agents, text, getValues('agentId'));
    if (suited !== undefined && suited.id !== getValues('agentId')) setValue('agentId', suited.id);
  };
  const settled = useSettled(text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once nothing has been typed for a moment
  useEffect(suit, [settled]);

  const message = getFieldState(target, formState).error?.message;
  const problem = typeof message === 'string' ? message : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each attempt to send the form
  useEffect(() => {
    if (problem !== undefined) field.current?.focus();
  }, [problem, formState.submitCount]);

  const begin = ({ template: chosen, agent }: Offer<AgentView>) => {
    setValue('agentId', agent.id, { shouldDirty: true });
    setValue('agentKind', agent.kind);
    for (const [name, value] of presetsToSet(getValues(), chosen))
      setValue(name, value, { shouldDirty: true });
    setValue('template', chosen.key);
    field.current?.focus();
  };
  const isWords = readsWords(kind);
  const isStranded = settled.trim() !== '' && settled === text && !isWords && !isAddress(text);
  return (
    <div className="space-y-3">
      <Field
        label="What should be looked after?"
        error={problem}
        hint={text.trim() === '' ? HINTS.empty : isWords ? HINTS.words : HINTS.page}
      >
        <Textarea
          ref={field}
          autoFocus
          className={isWords ? 'min-h-28' : 'min-h-11'}
          rows={1}
          inputMode={isWords ? undefined : 'url'}
          placeholder={templateOf({ template: watch('template') })?.placeholder ?? 'https://example.com/news'}
          value={text}
          onChange={(event) =>
            setValue(target, event.target.value, { shouldDirty: true, shouldValidate: formState.isSubmitted })
          }
          onBlur={suit}
        />
      </Field>
      {isStranded && suitedAgent(agents, text, '') === undefined && <NobodyReads />}
      {text === '' && <Offers offers={offersFor(agents)} onChoose={begin} />}
    </div>
  );
}
