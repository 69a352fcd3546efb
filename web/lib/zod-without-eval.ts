import { z } from "zod";

// Must run before any contract is made: zod then never tries to compile code, which the content security policy forbids.
z.config({ jitless: true });
