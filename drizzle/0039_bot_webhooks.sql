ALTER TABLE "everbeat"."polled_bots" ADD COLUMN "webhook_url" text;--> statement-breakpoint
ALTER TABLE "everbeat"."polled_bots" ADD COLUMN "webhook_secret" text;--> statement-breakpoint
ALTER TABLE "everbeat"."polled_bots" ADD COLUMN "webhook_set_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."polled_bots" ADD COLUMN "webhook_checked_at" timestamp (3) with time zone;