#ifndef JADE_SQLITE_H
#define JADE_SQLITE_H

/* SQLite calls that Swift cannot make itself, because their C prototypes are variadic. */

/* Tells a connection (a `sqlite3 *`) not to run a checkpoint when it is the last one to close.
 * Returns an SQLite result code, 0 when it worked. */
int jade_sqlite_keep_log_on_close(void *connection);

#endif
