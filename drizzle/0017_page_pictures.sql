CREATE TABLE "everbeat"."task_pictures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"picture" "bytea" NOT NULL,
	"taken_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "task_pictures_size_check" CHECK (octet_length("everbeat"."task_pictures"."picture") <= 200000)
);
--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "pictures" uuid[];--> statement-breakpoint
ALTER TABLE "everbeat"."task_pictures" ADD CONSTRAINT "task_pictures_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "task_pictures_task_idx" ON "everbeat"."task_pictures" USING btree ("task_id","taken_at");