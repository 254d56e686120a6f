ALTER TABLE "everbeat"."briefs" ADD COLUMN "resolved_effect" jsonb;--> statement-breakpoint
-- `max_topics` now counts the automation runs since the last start. Tasks that have not ended go on from the
-- topics that counted before.
UPDATE "everbeat"."tasks" SET "context" = jsonb_set("context", '{scheduler,automationRuns}', to_jsonb("total_topics"))
WHERE "max_topics" IS NOT NULL AND "status" IN ('backlog', 'scheduled', 'running', 'paused')
  AND jsonb_typeof("context" -> 'scheduler') = 'object';
