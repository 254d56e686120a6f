'use client';

import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { DialogFooter } from '@/components/ui/dialog';
import { FormError } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { ScrollRegion } from '@/components/ui/scrollRegion';
import { useAgents } from '@/features/agents/useAgents';
import { messageOf } from '@/lib/trpc/errors';
import type { TaskFields } from './taskFields';
import { conflictsOf, type TaskPart } from './taskParts';

interface SideProps {
  name: string;
  title: string;
  text: string;
  isChosen: boolean;
  onChoose: () => void;
}

/** One of the two values of a part, which can be chosen. */
function Side({ name, title, text, isChosen, onChoose }: SideProps) {
  const id = useId();
  return (
    <div className="min-w-0 rounded-xl border bg-surface p-3 has-checked:border-accent">
      <label htmlFor={id} className="flex items-center gap-2 text-sm font-medium">
        <input
          id={id}
          name={name}
          type="radio"
          className="accent-accent"
          checked={isChosen}
          onChange={onChoose}
        />
        {title}
      </label>
      <ScrollRegion className="mt-1.5 max-h-44 overflow-auto text-sm whitespace-pre-wrap wrap-anywhere">
        {text}
      </ScrollRegion>
    </div>
  );
}

interface ChoiceProps {
  part: TaskPart;
  mine: TaskFields;
  theirs: TaskFields;
  agentNames: ReadonlyMap<string, string>;
  isDropped: boolean;
  onDrop: (isDropped: boolean) => void;
}

function Choice({ part, mine, theirs, agentNames, isDropped, onDrop }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{part.label}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        <Side
          name={name}
          title="Saved meanwhile"
          text={part.show(theirs, agentNames)}
          isChosen={isDropped}
          onChoose={() => onDrop(true)}
        />
        <Side
          name={name}
          title="Yours"
          text={part.show(mine, agentNames)}
          isChosen={!isDropped}
          onChoose={() => onDrop(false)}
        />
      </div>
    </fieldset>
  );
}

interface EditConflictProps {
  mine: TaskFields;
  theirs: TaskFields;
  base: TaskFields;
  /** Called with the parts in which the other's value is taken. */
  onSettle: (dropped: readonly TaskPart[]) => Promise<void>;
  onBack: () => void;
}

/** Shown instead of the form when somebody else has saved other values of the same parts meanwhile. */
export function EditConflict({ mine, theirs, base, onSettle, onBack }: EditConflictProps) {
  const agents = useAgents();
  const agentNames = new Map(agents.data?.map(({ id, name }) => [id, name]));
  const conflicts = conflictsOf(mine, theirs, base);
  const [dropped, setDropped] = useState<readonly TaskPart[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const drop = (part: TaskPart, isDropped: boolean) =>
    setDropped((before) => [...before.filter((other) => other !== part), ...(isDropped ? [part] : [])]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onSettle(dropped).catch((thrown: unknown) => setError(messageOf(thrown)));
    setBusy(false);
  };
  return (
    <Form onSubmit={submit} className="space-y-6">
      <div role="alert" className="rounded-xl bg-warn-soft px-4 py-3 text-sm">
        This task was saved elsewhere while you were editing it. Nothing of yours is lost: choose what to
        keep. Changes of other fields stay, theirs and yours.
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => setDropped(conflicts)}>
          Take all that was saved meanwhile
        </Button>
        <Button size="small" onClick={() => setDropped([])}>
          Take all of yours
        </Button>
      </div>
      {conflicts.map((part) => (
        <Choice
          key={part.label}
          part={part}
          mine={mine}
          theirs={theirs}
          agentNames={agentNames}
          isDropped={dropped.includes(part)}
          onDrop={(isDropped) => drop(part, isDropped)}
        />
      ))}
      {error !== null && <FormError>{error}</FormError>}
      <DialogFooter>
        <Button onClick={onBack}>Back to the form</Button>
        <Button type="submit" variant="primary" busy={isBusy}>
          Save this choice
        </Button>
      </DialogFooter>
    </Form>
  );
}
