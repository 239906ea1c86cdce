import { z } from 'zod';

// The content security policy lets no text become code: zod must not try. Imported before any schema is made.
z.config({ jitless: true });
