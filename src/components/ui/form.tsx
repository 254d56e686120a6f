import type { ComponentProps, KeyboardEvent } from 'react';

/** A form that Ctrl+Enter or Cmd+Enter submits from any of its fields, by its last submit button. */
export function Form(props: ComponentProps<'form'>) {
  return <form noValidate {...props} onKeyDown={submitOnKeys} />;
}

function submitOnKeys(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
  event.preventDefault();
  const buttons = event.currentTarget.querySelectorAll<HTMLButtonElement>('button[type="submit"]');
  [...buttons].at(-1)?.click();
}
