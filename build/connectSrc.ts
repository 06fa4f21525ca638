/** Where the page may connect to, and so its workers: they have it from the headers of their scripts, not from the page. */
export const CONNECT_SRC = "connect-src 'self' blob: data:";
