ALTER TABLE "everbeat"."task_ticks" ADD COLUMN "due_reason" text;--> statement-breakpoint
ALTER TABLE "everbeat"."tasks" ADD COLUMN "seen_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "briefs_task_unread_idx" ON "everbeat"."briefs" USING btree ("task_id") WHERE resolved_at is null and read_at is null;--> statement-breakpoint
-- The column is new, so no row can violate this: checking all of them would hold up every beat meanwhile.
ALTER TABLE "everbeat"."task_ticks" ADD CONSTRAINT "task_ticks_due_reason_check" CHECK ("everbeat"."task_ticks"."due_reason" in ('absence')) NOT VALID;