import { Command } from "commander";

/** `tenon start`: PostgreSQL, migrations, the web server, until it is told to stop. */
export function startCommand(): Command {
  return new Command("start").description("start the database and the web server").action(async () => {
    // The server is most of the program: no other command waits for it to be read.
    const { serve } = await import("./serve.ts");
    await serve();
  });
}
