'use client';

import type { ModelPriceView, ModelProviderView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useSystemSpend } from '@/features/spend/useSystemSpend';
import { useTRPC } from '@/lib/trpc/client';
import { PriceForm } from './PriceForm';
import { priceText } from './priceText';
import { usePrices } from './useModels';

function OwnPrice({ price, onChange }: { price: ModelPriceView; onChange: () => void }) {
  const trpc = useTRPC();
  const remove = useMutation(
    trpc.modelProvider.setPrice.mutationOptions({
      meta: { done: `${price.model} has its listed price again`, failed: 'The price was not removed' },
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-mono text-sm">{price.model}</span>
        <span className="text-[0.8125rem] text-muted tabular-nums">{priceText(price)}</span>
      </span>
      <span className="flex gap-2">
        <Button size="small" onClick={onChange} aria-label={`Change the price of ${price.model}`}>
          Change
        </Button>
        <Button
          size="small"
          busy={remove.isPending}
          onClick={() => remove.mutate({ model: price.model, price: null })}
          aria-label={`Remove the price of ${price.model}`}
        >
          Remove
        </Button>
      </span>
    </li>
  );
}

/** A price that is set already is changed. Null: nothing is asked for, or the prices are not known yet. */
const askedPrice = (
  asked: string | null,
  prices: readonly ModelPriceView[] | undefined,
): ModelPriceView | 'new' | null =>
  asked === null || prices === undefined ? null : (prices.find(({ model }) => model === asked) ?? 'new');

/** What the person says that models cost, in place of the listed prices. */
export function Prices({ providers }: { providers: readonly ModelProviderView[] }) {
  const prices = usePrices();
  const { data: spend } = useSystemSpend();
  /** The model whose price a link from elsewhere asks for. */
  const [asked, setAsked] = useQueryState('price');
  /** The price that a person has chosen to edit: a stored one, or a further one. */
  const [chosen, setChosen] = useState<ModelPriceView | 'new' | null>(null);
  const edited = chosen ?? askedPrice(asked, prices.data);
  const close = () => {
    setChosen(null);
    void setAsked(null);
  };
  return (
    <section aria-labelledby="prices" className="space-y-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="prices" className="font-medium">
            Prices
          </h2>
          <p className="text-sm text-muted">
            Costs and budgets are counted with the list prices of the providers. Set a price where you pay
            another, or where none is known.
          </p>
        </div>
        {edited === null && (
          <Button size="small" onClick={() => setChosen('new')}>
            Set a price
          </Button>
        )}
      </div>
      {prices.isPending && <Skeleton className="h-10" />}
      {prices.isLoadingError && (
        <ErrorState
          title="Your prices could not be loaded"
          error={prices.error}
          onRetry={() => prices.refetch()}
        />
      )}
      {edited !== null && (
        <PriceForm
          key={edited === 'new' ? '' : edited.model}
          stored={edited === 'new' ? null : edited}
          model={asked ?? ''}
          unpriced={(spend?.byModel ?? []).flatMap(({ model, isPriced }) => (isPriced ? [] : (model ?? [])))}
          providers={providers}
          onClose={close}
        />
      )}
      {prices.data !== undefined && prices.data.length > 0 && (
        <ul className="divide-y rounded-2xl border bg-surface px-4 sm:px-5">
          {prices.data.map((price) => (
            <OwnPrice key={price.model} price={price} onChange={() => setChosen(price)} />
          ))}
        </ul>
      )}
    </section>
  );
}
