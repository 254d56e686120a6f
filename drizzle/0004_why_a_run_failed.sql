ALTER TABLE "everbeat"."briefs" ADD COLUMN "far_side" text;--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD COLUMN "occurrence" uuid;--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD COLUMN "attempt" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD COLUMN "failure_class" text;--> statement-breakpoint
ALTER TABLE "everbeat"."topics" ADD COLUMN "failure_class" text;--> statement-breakpoint
CREATE UNIQUE INDEX "briefs_one_open_per_far_side" ON "everbeat"."briefs" USING btree ("user_id","far_side") WHERE resolved_at is null and far_side is not null;--> statement-breakpoint
CREATE INDEX "briefs_far_side_idx" ON "everbeat"."briefs" USING btree ("user_id","far_side","created_at") WHERE far_side is not null;--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD CONSTRAINT "operations_failure_class_check" CHECK ("everbeat"."operations"."failure_class" in ('agent', 'transient', 'rate-limit', 'needs-person', 'lost'));