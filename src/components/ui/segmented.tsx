'use client';

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';

interface SegmentedProps<Value extends string> {
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly { value: Value; label: string }[];
}

/** A radio group shown as a row of buttons. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const choose = (chosen: unknown) => {
    const option = props.options.find((candidate) => candidate.value === chosen);
    if (option !== undefined) props.onValueChange(option.value);
  };
  return (
    <RadioGroup
      aria-label={props.label}
      value={props.value}
      onValueChange={choose}
      className="inline-flex max-w-full flex-wrap gap-1 rounded-xl bg-sunken p-1"
    >
      {props.options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          aria-label={option.label}
          className="cursor-pointer rounded-lg px-2 py-1 text-[0.8125rem] sm:px-3 sm:text-sm text-muted select-none hover:text-ink data-checked:bg-surface data-checked:font-medium data-checked:text-ink data-checked:shadow-xs"
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
