'use client';

import type { ModelPrice, ModelPriceView, ModelProviderView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, FormError, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';

interface PriceFormProps {
  /** What is changed; null: a further price. */
  stored: ModelPriceView | null;
  /** Of a further price. */
  model: string;
  /** Models that were called, and whose price nobody knows. They may be offered by no provider. */
  unpriced: readonly string[];
  providers: readonly ModelProviderView[];
  onClose: () => void;
}

interface Amount {
  key: 'input' | 'output' | 'cached';
  label: string;
  hint?: string;
  isOptional?: boolean;
}

const AMOUNTS: readonly Amount[] = [
  { key: 'input', label: 'Input' },
  { key: 'output', label: 'Output' },
  { key: 'cached', label: 'Cached input (optional)', hint: 'If empty, as other input.', isOptional: true },
];

const AMOUNT = /^\d{1,5}(\.\d{1,6})?$/;

/** Undefined: it is no amount. */
const amountOf = (text: string): number | undefined => (AMOUNT.test(text.trim()) ? Number(text) : undefined);

/** What the form shows of a model that is offered: its price now, to be corrected. */
function offeredPrice(name: string, providers: readonly ModelProviderView[]) {
  for (const { provider, models } of providers) {
    const found = models.find(({ id }) => `${provider}/${id}` === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const namesOf = (providers: readonly ModelProviderView[]): string[] =>
  providers.flatMap(({ provider, models }) => models.map(({ id }) => `${provider}/${id}`));

/** A price for a model, in place of the listed one. */
export function PriceForm({ stored, model: suggested, unpriced, providers, onClose }: PriceFormProps) {
  const names = useId();
  const [texts, setTexts] = useState({
    model: stored?.model ?? suggested,
    input: String(stored?.inputPerMillionUsd ?? ''),
    output: String(stored?.outputPerMillionUsd ?? ''),
    cached: String(stored?.cachedInputPerMillionUsd ?? ''),
  });
  const [isTried, setTried] = useState(false);
  const trpc = useTRPC();
  const save = useMutation(trpc.modelProvider.setPrice.mutationOptions({ onSuccess: onClose }));
  const set = (part: Partial<typeof texts>) => setTexts((before) => ({ ...before, ...part }));
  const choose = (model: string) => {
    const known = offeredPrice(model, providers);
    if (known === undefined) return set({ model });
    set({
      model,
      input: String(known.inputPerMillionUsd ?? texts.input),
      output: String(known.outputPerMillionUsd ?? texts.output),
      cached: String(known.cachedInputPerMillionUsd ?? texts.cached),
    });
  };
  const problemOf = (text: string): string | undefined =>
    isTried && amountOf(text) === undefined ? 'Enter an amount in dollars, such as 2.50' : undefined;
  const submit = (): void => {
    setTried(true);
    const [input, output] = [amountOf(texts.input), amountOf(texts.output)];
    const cached = texts.cached.trim() === '' ? null : amountOf(texts.cached);
    if (input === undefined || output === undefined || cached === undefined) return;
    const price: ModelPrice = { inputPerMillionUsd: input, outputPerMillionUsd: output };
    // The form does not show it, and does not take it away.
    const written = stored?.cacheWritePerMillionUsd;
    if (written !== undefined) price.cacheWritePerMillionUsd = written;
    if (cached !== null) price.cachedInputPerMillionUsd = cached;
    save.mutate({ model: texts.model.trim(), price });
  };
  return (
    <Form
      className="space-y-4 rounded-2xl border bg-surface p-4 sm:px-5"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Model" hint="As provider/model. The models that your providers offer are suggested.">
        <Input
          value={texts.model}
          onChange={(event) => choose(event.target.value)}
          readOnly={stored !== null}
          list={names}
          placeholder="openai-compatible/house-model"
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          autoFocus={stored === null}
        />
      </Field>
      <datalist id={names}>
        {[...new Set([...unpriced, ...namesOf(providers)])].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <fieldset>
        <legend className="mb-3 text-sm text-muted">In dollars for a million tokens</legend>
        <div className="grid items-start gap-4 sm:grid-cols-3">
          {AMOUNTS.map(({ key, label, hint, isOptional }) => (
            <Field
              key={key}
              label={label}
              hint={hint}
              error={isOptional && texts[key].trim() === '' ? undefined : problemOf(texts[key])}
            >
              <Input
                value={texts[key]}
                onChange={(event) => set({ [key]: event.target.value })}
                inputMode="decimal"
                autoComplete="off"
                className="tabular-nums"
              />
            </Field>
          ))}
        </div>
      </fieldset>
      {save.error !== null && <FormError>{messageOf(save.error)}</FormError>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={save.isPending}>
          Save the price
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </Form>
  );
}
