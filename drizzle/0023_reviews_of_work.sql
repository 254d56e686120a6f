ALTER TABLE "everbeat"."operations" DROP CONSTRAINT "operations_trigger_check";--> statement-breakpoint
ALTER TABLE "everbeat"."topics" DROP CONSTRAINT "topics_trigger_check";--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD COLUMN "review" jsonb;--> statement-breakpoint
CREATE INDEX "operations_reviews_idx" ON "everbeat"."operations" USING btree ("topic_id") WHERE trigger = 'review';--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD CONSTRAINT "operations_trigger_check" CHECK ("everbeat"."operations"."trigger" in ('manual', 'heartbeat', 'schedule', 'brief', 'dependency', 'review', 'rework'));--> statement-breakpoint
ALTER TABLE "everbeat"."topics" ADD CONSTRAINT "topics_trigger_check" CHECK ("everbeat"."topics"."trigger" in ('manual', 'heartbeat', 'schedule', 'brief', 'dependency', 'review', 'rework'));