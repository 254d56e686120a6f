ALTER TABLE "everbeat"."tasks" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."tasks" ADD COLUMN "thin_at_topics" integer DEFAULT 250 NOT NULL;--> statement-breakpoint
ALTER TABLE "everbeat"."tasks" ADD COLUMN "thinned_to" uuid;--> statement-breakpoint
CREATE INDEX "briefs_topic_idx" ON "everbeat"."briefs" USING btree ("topic_id") WHERE topic_id is not null;--> statement-breakpoint
CREATE INDEX "tasks_deleted_idx" ON "everbeat"."tasks" USING btree ("deleted_at","id") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "tasks_to_thin_idx" ON "everbeat"."tasks" USING btree ("id") WHERE total_topics >= thin_at_topics and deleted_at is null;