CREATE TABLE "everbeat"."prompt_parts" (
	"task_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "prompt_parts_task_id_hash_pk" PRIMARY KEY("task_id","hash")
);
--> statement-breakpoint
ALTER TABLE "everbeat"."messages" ADD COLUMN "recipe" "bytea";--> statement-breakpoint
ALTER TABLE "everbeat"."prompt_parts" ADD CONSTRAINT "prompt_parts_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;