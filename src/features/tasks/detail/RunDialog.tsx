'use client';

import { LIMITS, type TaskDetailView } from '@everbeat/domain';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select, Textarea } from '@/components/ui/field';
import { topicName } from './topicName';
import type { TaskActions } from './useTaskActions';

interface RunDialogProps {
  task: TaskDetailView;
  run: TaskActions['run'];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Starts a run now, with an optional prompt and an optional earlier conversation to continue. */
export function RunDialog({ task, run, open, onOpenChange }: RunDialogProps) {
  const [prompt, setPrompt] = useState('');
  const [topicId, setTopicId] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (run.isPending) return;
    run.mutate(
      { id: task.id, prompt: prompt.trim() || undefined, continueTopicId: topicId || undefined },
      {
        onSuccess: () => {
          setPrompt('');
          onOpenChange(false);
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Run ${task.identifier} now`}
      className="sm:max-w-lg"
    >
      <form onSubmit={submit} className="space-y-5">
        <Field
          label="Anything to add for this run? (optional)"
          hint="It is added to the task's instruction for this run only."
        >
          <Textarea
            autoFocus
            maxLength={LIMITS.promptCharsMax}
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
          />
        </Field>
        {task.topics.length > 0 && (
          <Field label="Conversation">
            <Select value={topicId} onChange={(event) => setTopicId(event.target.value)}>
              <option value="">Start a new conversation</option>
              {task.topics.map((topic) => (
                <option key={topic.id} value={topic.id}>
                  Continue #{topic.number} {topicName(topic)}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" busy={run.isPending}>
            Run now
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
