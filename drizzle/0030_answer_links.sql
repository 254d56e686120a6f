CREATE TABLE "everbeat"."answer_links" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"brief_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"action" text NOT NULL,
	"title" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "everbeat"."answer_links" ADD CONSTRAINT "answer_links_brief_id_briefs_id_fk" FOREIGN KEY ("brief_id") REFERENCES "everbeat"."briefs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "answer_links_brief_idx" ON "everbeat"."answer_links" USING btree ("brief_id");--> statement-breakpoint
CREATE INDEX "answer_links_expires_idx" ON "everbeat"."answer_links" USING btree ("expires_at");