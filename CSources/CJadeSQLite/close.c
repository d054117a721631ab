#include "jade_sqlite.h"

#include <sqlite3.h>
#include <stddef.h>

int jade_sqlite_keep_log_on_close(void *connection) {
    return sqlite3_db_config((sqlite3 *)connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
}
