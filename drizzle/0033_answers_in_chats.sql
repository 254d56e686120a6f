CREATE TABLE "everbeat"."polled_bots" (
	"key" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"leased_until" timestamp (3) with time zone NOT NULL,
	"channel_ids" uuid[] NOT NULL,
	"polled_at" timestamp (3) with time zone,
	"problem" text,
	"handled_updates" integer[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "everbeat"."answer_links" ADD COLUMN "channel_id" uuid;--> statement-breakpoint
ALTER TABLE "everbeat"."deliveries" ADD COLUMN "is_open" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "deliveries_external_idx" ON "everbeat"."deliveries" USING btree ("channel_id","external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE INDEX "deliveries_open_idx" ON "everbeat"."deliveries" USING btree ("sent_at") WHERE is_open;