ALTER TABLE "everbeat"."tasks" ADD COLUMN "instruction_author" text DEFAULT 'user' NOT NULL;--> statement-breakpoint
-- What an agent made, and subtasks whose making is no longer in the history.
UPDATE "everbeat"."tasks" t SET "instruction_author" = 'agent'
WHERE EXISTS (SELECT FROM "everbeat"."task_activities" a WHERE a."task_id" = t."id" AND a."reason" = 'created-by-agent')
  OR (t."parent_task_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "everbeat"."task_activities" a WHERE a."task_id" = t."id" AND a."reason" = 'created'));
