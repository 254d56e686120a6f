import type { Budget, Cap } from '@everbeat/domain';
import { CAPS } from '@everbeat/domain';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { Field, Input } from '@/components/ui/field';
import { CAP_LABELS } from './budgetTexts';
import { type Used, usedUpText } from './usedUp';

interface BudgetFieldsProps {
  legend: string;
  /** What the caps hold for, and what an empty field means. */
  hint: string;
  register: (cap: Cap) => UseFormRegisterReturn;
  errorOf: (cap: Cap) => string | undefined;
  /** What holds where a field is empty. */
  defaults?: Budget | undefined;
  /** What is typed, and what is used already: says so at a cap that leaves no room. */
  already?: { textOf: (cap: Cap) => string; used: Used } | undefined;
}

const ORDER: readonly Cap[] = [
  'perDayUsd',
  'perMonthUsd',
  ...CAPS.filter((cap) => cap !== 'perDayUsd' && cap !== 'perMonthUsd'),
];

/** The caps of a task, an agent or the owner. */
export function BudgetFields({ legend, hint, register, errorOf, defaults = {}, already }: BudgetFieldsProps) {
  const usedUp = (cap: Cap) => already && usedUpText(cap, already.textOf(cap), already.used);
  return (
    <fieldset className="space-y-3">
      <legend className="text-sm font-medium">{legend}</legend>
      <p className="text-[0.8125rem] text-muted">{hint}</p>
      <div className="grid grid-cols-2 items-start gap-x-4 gap-y-3 sm:grid-cols-3">
        {ORDER.map((cap) => (
          <Field
            key={cap}
            label={CAP_LABELS[cap].label}
            hint={usedUp(cap) ?? CAP_LABELS[cap].hint}
            error={errorOf(cap)}
          >
            <Input
              {...register(cap)}
              inputMode={cap === 'perDayTokens' ? 'numeric' : 'decimal'}
              placeholder={defaults[cap] === undefined ? 'no cap' : String(defaults[cap])}
              autoComplete="off"
              className="tabular-nums"
            />
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
